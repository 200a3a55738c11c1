"""Move a deal to another stage of its pipeline."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.models.deal import Deal
from crm.models.pipeline import Stage, StageKind
from shared.clock import database_now
from shared.errors import InvalidInput, NotFound, Refusal


class StageOfAnotherPipeline(Refusal):
    code = "stage_of_another_pipeline"
    title = "The stage belongs to another pipeline"


@transaction.atomic
def move_deal(*, deal_id: UUID, stage_id: UUID, lost_reason: str = "", now: datetime | None = None) -> Deal:
    """Put the deal into the stage; winning and losing set `closed_at`, reopening clears it.

    The same stage again changes nothing.

    Raises NotFound, StageOfAnotherPipeline, or InvalidInput when a lost deal gets no reason. Locks: the deal.
    """
    deal = Deal.objects.select_for_update(of=("self",), no_key=True).filter(pk=deal_id).first()
    stage = Stage.objects.select_related("pipeline").filter(pk=stage_id).first()
    if deal is None or stage is None:
        raise NotFound(f"There is no such {'deal' if deal is None else 'stage'}.")
    if stage.pipeline_id != deal.pipeline_id:
        raise StageOfAnotherPipeline(f"{stage.name} is a stage of the pipeline {stage.pipeline}.")
    if deal.stage_id == stage.pk:
        return deal
    if stage.kind == StageKind.LOST and not lost_reason.strip():
        raise InvalidInput(("/lost_reason", "required", "Say why the deal was lost."))
    deal.stage = stage
    deal.status = stage.kind
    deal.lost_reason = lost_reason.strip() if stage.kind == StageKind.LOST else ""
    deal.closed_at = None if stage.kind == StageKind.OPEN else deal.closed_at or now or database_now()
    deal.save(update_fields=["stage", "status", "lost_reason", "closed_at", "updated_at"])
    return deal
