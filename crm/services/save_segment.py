"""Segments as staff write them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from crm import segment_rule
from crm.models.segment import Segment
from shared.actor import Actor
from shared.database_errors import AlreadyExists, named_constraints
from shared.enqueue import enqueue
from shared.errors import NotFound

_TAKEN = {"segment_name_unique": lambda: AlreadyExists("/name", gettext("There is a segment of this name."))}
REFRESH_JOB = "crm.refresh_segment"


def create_segment(*, name: str, rule: Any, actor: Actor, description: str = "") -> Segment:
    """A new segment, owned by the actor; a job looks its members up. Raises InvalidInput or AlreadyExists."""
    parsed = segment_rule.as_json(segment_rule.parse_rule(rule))
    with named_constraints(_TAKEN), transaction.atomic():
        segment = Segment.objects.create(name=name, description=description, rule=parsed, owner_id=actor.user_id)
        ask_for_refresh(segment_id=segment.pk)
    return segment


def update_segment(*, segment_id: UUID, changes: Mapping[str, Any]) -> Segment:
    """Change name, description or rule; after another rule a job looks the members up again.

    Raises NotFound, InvalidInput or AlreadyExists.
    """
    if "rule" in changes:
        changes = {**changes, "rule": segment_rule.as_json(segment_rule.parse_rule(changes["rule"]))}
    with named_constraints(_TAKEN), transaction.atomic():
        segment = Segment.objects.filter(pk=segment_id).first()
        if segment is None:
            raise NotFound(gettext("There is no such segment."))
        for column, value in changes.items():
            setattr(segment, column, value)
        segment.save(update_fields=[*changes, "updated_at"])
        if "rule" in changes:
            ask_for_refresh(segment_id=segment_id)
    return segment


def delete_segment(*, segment_id: UUID) -> None:
    """Delete the segment; its members stay customers. Raises NotFound."""
    if not Segment.objects.filter(pk=segment_id).delete()[0]:
        raise NotFound(gettext("There is no such segment."))


def ask_for_refresh(*, segment_id: UUID) -> None:
    """Have a job look the members up as soon as the transaction commits."""
    enqueue(REFRESH_JOB, segment_id=str(segment_id))
