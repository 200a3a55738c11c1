"""Open a deal."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from crm.models.deal import Deal
from crm.models.deal_stage_change import DealStageChange
from crm.models.pipeline import Pipeline, Stage, StageKind
from crm.pipeline.deal_checks import DealDetails, check_details
from crm.services.deals.ensure_pipeline import ensure_default_pipeline
from crm.services.deals.put_into_stage import stage_as_read
from crm.services.timeline.record_change import record_change
from crm.timeline.lines import DEAL_OPENED, STAGE
from shared.actor import Actor
from shared.clock import database_now
from shared.errors import InvalidInput, NotFound
from users.custom_fields import validate_custom_fields
from users.models.custom_field import CustomFieldOwner
from users.models.customer import Customer


@transaction.atomic
def open_deal(
    *,
    title: str,
    customer_id: UUID,
    actor: Actor,
    stage_id: UUID | None = None,
    pipeline_id: UUID | None = None,
    details: DealDetails | None = None,
    now: datetime | None = None,
) -> Deal:
    """A deal in the given open stage, else in the first open one of the pipeline (unset: the default one); from now
    on its time in every stage is kept.

    Raises NotFound for a customer, stage or pipeline that is not there, InvalidInput for a stage that is not open, a
    pipeline without one, no title, a value below 0, or a wrong value of an own field, StageChanged.
    """
    details = {**details} if details else {}
    check_details(title, details)
    if "custom_fields" in details:
        details["custom_fields"] = validate_custom_fields(CustomFieldOwner.DEAL, details["custom_fields"])
    if not Customer.objects.filter(pk=customer_id).exists():
        raise NotFound(gettext("There is no such customer."))
    stage = _starting_stage(stage_id, pipeline_id)
    at = now or database_now()
    with stage_as_read():
        deal = Deal.objects.create(
            title=title.strip(),
            customer_id=customer_id,
            pipeline_id=stage.pipeline_id,
            stage=stage,
            created_at=at,
            **details,
        )
    # How long deals stand in a stage is counted by these rows alone, so the first stage has one, too.
    DealStageChange.objects.create(deal=deal, stage=stage, entered_at=at, actor_id=actor.user_id)
    record_change(
        subject=DEAL_OPENED(title=deal.title[:120]),
        text=STAGE(stage=stage.name),
        actor=actor,
        customer_id=customer_id,
        deal_id=deal.pk,
        now=at,
    )
    return deal


def _starting_stage(stage_id: UUID | None, pipeline_id: UUID | None) -> Stage:
    if stage_id is not None:
        stage = Stage.objects.filter(pk=stage_id).first()
        if stage is None or (pipeline_id is not None and stage.pipeline_id != pipeline_id):
            raise NotFound(gettext("There is no such stage."))
        if stage.kind != StageKind.OPEN:
            raise InvalidInput(
                (
                    "/stage",
                    "not_open",
                    gettext("A deal starts in an open stage; %(stage)s is not.") % {"stage": stage.name},
                )
            )
        return stage
    pipeline = Pipeline.objects.filter(pk=pipeline_id).first() if pipeline_id else ensure_default_pipeline()
    if pipeline is None:
        raise NotFound(gettext("There is no such pipeline."))
    first = Stage.objects.filter(pipeline=pipeline, kind=StageKind.OPEN).order_by("position", "id").first()
    if first is None:
        raise InvalidInput(
            (
                "/pipeline",
                "no_open_stage",
                gettext("The pipeline %(pipeline)s has no open stage to start in.") % {"pipeline": pipeline},
            )
        )
    return first
