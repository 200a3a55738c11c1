"""Stages of pipelines."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from crm.models.deal import Deal
from crm.models.pipeline import Stage
from shared.database.errors import AlreadyExists
from shared.database.write_row import save_row
from shared.errors import InvalidInput, NotFound

_TAKEN = {
    "stage_name_unique_in_pipeline": lambda: AlreadyExists("/name", gettext("The pipeline has a stage of this name."))
}


def create_stage(*, pipeline_id: UUID, values: Mapping[str, Any]) -> Stage:
    """One more stage of a pipeline. Raises InvalidInput or AlreadyExists."""
    return save_row(Stage, key=None, values={**values, "pipeline_id": pipeline_id}, refusals=_TAKEN)


@transaction.atomic
def update_stage(*, stage_id: UUID, changes: Mapping[str, Any]) -> Stage:
    """Change a stage. Raises NotFound, AlreadyExists, InvalidInput also for another kind while deals stand in it.
    Locks: the stage."""
    stage = Stage.objects.select_for_update().filter(pk=stage_id).first()
    if stage is None:
        raise NotFound(gettext("There is no such stage."))
    if changes.get("kind", stage.kind) != stage.kind and Deal.objects.filter(stage=stage).exists():
        raise InvalidInput(("/kind", "in_use", gettext("Deals stand in this stage: it keeps its kind.")))
    return save_row(Stage, key=stage_id, values=changes, refusals=_TAKEN)
