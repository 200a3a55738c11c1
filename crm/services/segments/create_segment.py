"""Make a segment of a rule that staff wrote."""

from typing import Any

from django.db import transaction

from crm.models.segment import Segment
from crm.segments import rule as segment_rule
from crm.segments.names import NAME_TAKEN
from crm.services.segments.ask_for_refresh import ask_for_refresh
from shared.actor import Actor
from shared.database.errors import named_constraints


def create_segment(*, name: str, rule: Any, actor: Actor, description: str = "") -> Segment:
    """A new segment, owned by the actor; a job looks its members up. Raises InvalidInput or AlreadyExists."""
    parsed = segment_rule.as_json(segment_rule.parse_rule(rule))
    with named_constraints(NAME_TAKEN), transaction.atomic():
        segment = Segment.objects.create(name=name, description=description, rule=parsed, owner_id=actor.user_id)
        ask_for_refresh(segment_id=segment.pk)
    return segment
