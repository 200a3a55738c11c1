"""Pipelines."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from crm.models.pipeline import Pipeline
from shared.database.errors import AlreadyExists
from shared.database.write_row import save_row

_TAKEN = {
    "crm_pipeline_name_key": lambda: AlreadyExists("/name", gettext("There is a pipeline of this name.")),
    "one_default_pipeline": lambda: AlreadyExists(
        "/is_default", gettext("New deals start in another pipeline already.")
    ),
}


def save_pipeline(*, pipeline_id: UUID | None, values: Mapping[str, Any]) -> Pipeline:
    """Make a pipeline without stages, or change one. Raises NotFound, InvalidInput, AlreadyExists."""
    return save_row(Pipeline, key=pipeline_id, values=values, refusals=_TAKEN)
