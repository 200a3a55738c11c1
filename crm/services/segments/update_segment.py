"""Change a segment."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from crm.models.segment import Segment
from crm.segments import rule as segment_rule
from crm.segments.names import NAME_TAKEN
from crm.services.segments.ask_for_refresh import ask_for_refresh
from shared.database.errors import named_constraints
from shared.errors import NotFound


def update_segment(*, segment_id: UUID, changes: Mapping[str, Any]) -> Segment:
    """Change name, description or rule; after another rule a job looks the members up again.

    Raises NotFound, InvalidInput or AlreadyExists.
    """
    if "rule" in changes:
        changes = {**changes, "rule": segment_rule.as_json(segment_rule.parse_rule(changes["rule"]))}
    with named_constraints(NAME_TAKEN), transaction.atomic():
        segment = Segment.objects.filter(pk=segment_id).first()
        if segment is None:
            raise NotFound(gettext("There is no such segment."))
        for column, value in changes.items():
            setattr(segment, column, value)
        segment.save(update_fields=[*changes, "updated_at"])
        if "rule" in changes:
            ask_for_refresh(segment_id=segment_id)
    return segment
