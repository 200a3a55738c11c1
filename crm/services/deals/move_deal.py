"""Move a deal to another stage of its pipeline."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.models.deal import Deal
from crm.models.pipeline import Stage, StageKind
from crm.pipeline.deal_checks import check_unchanged, live_order
from crm.services.deals.lock_deal import lock_deal
from crm.services.deals.put_into_stage import put_into_stage
from orders.reads.archived import archived_order_of, where_it_is
from shared.actor import Actor
from shared.errors import InvalidInput, NotFound, Refusal


class StageOfAnotherPipeline(Refusal):
    code = "stage_of_another_pipeline"
    title = _("The stage belongs to another pipeline")


class DealHasLiveOrder(Refusal):
    code = "deal_has_live_order"
    title = _("The deal's order is not cancelled")


@transaction.atomic
def move_deal(
    *,
    deal_id: UUID,
    stage_id: UUID,
    actor: Actor,
    lost_reason: str = "",
    expected_updated_at: datetime | None = None,
    now: datetime | None = None,
) -> Deal:
    """Put the deal into the stage and note when it left the one before; winning and losing set `closed_at`, reopening
    clears it. The same stage again changes nothing.

    `expected_updated_at` is the deal's `updated_at` as the caller last saw it; unset: whatever it is. Raises NotFound,
    StaleVersion, StageOfAnotherPipeline, DealHasLiveOrder (a deal is not lost while its order lives), or InvalidInput
    when a lost deal gets no reason; StageChanged. Locks: the deal.
    """
    deal = lock_deal(deal_id)
    stage = Stage.objects.select_related("pipeline").filter(pk=stage_id).first()
    if stage is None:
        raise NotFound(gettext("There is no such stage."))
    if stage.pipeline_id != deal.pipeline_id:
        raise StageOfAnotherPipeline(
            gettext("%(stage)s is a stage of the pipeline %(pipeline)s.")
            % {"stage": stage.name, "pipeline": stage.pipeline}
        )
    # Before the check of what was seen: a card dropped where the deal stands by now is no conflict.
    if deal.stage_id == stage.pk:
        return deal
    check_unchanged(deal, expected_updated_at)
    if stage.kind == StageKind.LOST:
        _check_may_be_lost(deal, lost_reason)
    put_into_stage(deal, stage, actor=actor, lost_reason=lost_reason, now=now)
    return deal


def _check_may_be_lost(deal: Deal, lost_reason: str) -> None:
    if not lost_reason.strip():
        raise InvalidInput(("/lost_reason", "required", gettext("Say why the deal was lost.")))
    if (live := live_order(deal)) is not None:
        raise DealHasLiveOrder(
            gettext("The deal became order %(number)s: cancel the order first.") % {"number": live.number}
        )
    archived = archived_order_of(deal.pk) if deal.order_id is None else None
    if archived is not None:
        raise DealHasLiveOrder(where_it_is(archived))
