"""Move a deal to another stage of its pipeline."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.models.deal import Deal
from crm.models.deal_stage_change import DealStageChange
from crm.models.pipeline import Stage, StageKind
from crm.services.add_activity import record_change
from orders.models.order import Order
from orders.states import OrderStatus
from shared.actor import Actor
from shared.clock import database_now
from shared.errors import InvalidInput, NotFound, Refusal, StaleVersion


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
    when a lost deal gets no reason. Locks: the deal.
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
    if deal.stage_id == stage.pk:
        return deal
    check_unchanged(deal, expected_updated_at)
    if stage.kind == StageKind.LOST:
        _check_may_be_lost(deal, lost_reason)
    put_into_stage(deal, stage, actor=actor, lost_reason=lost_reason, now=now)
    return deal


def lock_deal(deal_id: UUID) -> Deal:
    """The deal, locked until the transaction ends. Raises NotFound.

    Nothing is joined: a deal that moved while we waited would no longer match the stage it was joined to, and vanish.
    """
    deal = Deal.objects.select_for_update(no_key=True).filter(pk=deal_id).first()
    if deal is None:
        raise NotFound(gettext("There is no such deal."))
    return deal


def check_unchanged(deal: Deal, expected_updated_at: datetime | None) -> None:
    """Raises StaleVersion when somebody changed the locked deal since the caller saw it."""
    if expected_updated_at is not None and deal.updated_at != expected_updated_at:
        raise StaleVersion(
            gettext("“%(title)s” was changed by somebody else meanwhile; it stands at %(stage)s.")
            % {"title": deal.title, "stage": deal.stage}
        )


def live_order(deal: Deal) -> Order | None:
    """The order that the deal became, unless it was cancelled."""
    if deal.order_id is None:
        return None
    return Order.objects.filter(pk=deal.order_id).exclude(status=OrderStatus.CANCELLED).first()


def put_into_stage(
    deal: Deal, stage: Stage, *, actor: Actor, lost_reason: str = "", now: datetime | None = None
) -> None:
    """Write the move of a locked deal: the deal, its way through the stages, the timeline."""
    at = now or database_now()
    before = deal.stage
    _walk(deal, stage, actor, at)
    deal.stage = stage
    deal.status = stage.kind
    deal.lost_reason = lost_reason.strip() if stage.kind == StageKind.LOST else ""
    deal.closed_at = None if stage.kind == StageKind.OPEN else deal.closed_at or at
    deal.save(update_fields=["stage", "status", "lost_reason", "closed_at", "updated_at"])
    record_change(
        subject=f"{deal.title[:120]}: {before} → {stage}",
        text=deal.lost_reason,
        actor=actor,
        customer_id=deal.customer_id,
        deal_id=deal.pk,
        now=at,
    )


def _walk(deal: Deal, stage: Stage, actor: Actor, at: datetime) -> None:
    """Close the stage's row and open the next. A deal from before stages were timed stood there since it was made."""
    left = DealStageChange.objects.filter(deal=deal, left_at=None).first()
    if left is None:
        left = DealStageChange(deal=deal, stage_id=deal.stage_id, entered_at=deal.created_at)
    at = max(at, left.entered_at)
    left.left_at = at
    left.save()
    DealStageChange.objects.create(deal=deal, stage=stage, entered_at=at, actor_id=actor.user_id)


def _check_may_be_lost(deal: Deal, lost_reason: str) -> None:
    if not lost_reason.strip():
        raise InvalidInput(("/lost_reason", "required", gettext("Say why the deal was lost.")))
    if (live := live_order(deal)) is not None:
        raise DealHasLiveOrder(
            gettext("The deal became order %(number)s: cancel the order first.") % {"number": live.number}
        )
