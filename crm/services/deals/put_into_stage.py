"""Put a locked deal into a stage, and note how long it stood in the last one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.models.deal import Deal
from crm.models.deal_stage_change import DealStageChange
from crm.models.pipeline import Stage, StageKind
from crm.services.timeline.record_change import record_change
from shared.actor import Actor
from shared.clock import database_now
from shared.database.errors import Conflict, named_constraints


class StageChanged(Conflict):
    code = "stage_changed"
    title = _("The stage has changed meanwhile")


@contextmanager
def stage_as_read() -> Iterator[None]:
    """A deal is written with the kind of its stage, which nothing locks: deals of one stage need not wait for each
    other. The database knows when the kind is another by now. Raises StageChanged."""
    detail = gettext("A colleague is changing the stage. Look at it, and try again.")
    with named_constraints({"deal_stands_in_a_stage_of_its_pipeline": lambda: StageChanged(detail)}):
        yield


def put_into_stage(
    deal: Deal, stage: Stage, *, actor: Actor, lost_reason: str = "", now: datetime | None = None
) -> None:
    """Write the move of a locked deal: the deal, its way through the stages, the timeline. Raises StageChanged."""
    at = now or database_now()
    before = deal.stage
    _change_stage_rows(deal, stage, actor, at)
    deal.stage = stage
    deal.status = stage.kind
    deal.lost_reason = lost_reason.strip() if stage.kind == StageKind.LOST else ""
    # From won to lost keeps the first moment: the deal was decided then.
    deal.closed_at = None if stage.kind == StageKind.OPEN else deal.closed_at or at
    with stage_as_read():
        deal.save(update_fields=["stage", "status", "lost_reason", "closed_at", "updated_at"])
    record_change(
        subject=f"{deal.title[:120]}: {before} → {stage}",
        text=deal.lost_reason,
        actor=actor,
        customer_id=deal.customer_id,
        deal_id=deal.pk,
        now=at,
    )


def _change_stage_rows(deal: Deal, stage: Stage, actor: Actor, at: datetime) -> None:
    """Close the stage's row and open the next. A deal from before stages were timed stood there since it was made."""
    left = DealStageChange.objects.filter(deal=deal, left_at=None).first()
    if left is None:
        left = DealStageChange(deal=deal, stage_id=deal.stage_id, entered_at=deal.created_at)
    # A clock that was set back must not make a stay of less than nothing.
    at = max(at, left.entered_at)
    left.left_at = at
    left.save()
    DealStageChange.objects.create(deal=deal, stage=stage, entered_at=at, actor_id=actor.user_id)
