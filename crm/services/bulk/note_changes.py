"""Write what was done to many rows into the timeline of each."""

from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import UUID

from django.db.models import Model

from crm.models.activity import Activity, ActivityKind
from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.timeline.limits import MAX_SUBJECT_LENGTH
from crm.timeline.lines import messages_of
from shared.actor import Actor
from shared.clock import database_now
from shared.text.messages import StoredText
from users.models.customer import Customer

T = TypeVar("T", bound=Model)


def note_changes(rows: Iterable[T], said_of: Callable[[T], StoredText], *, actor: Actor) -> None:
    """One entry for each row in its timeline; tasks have none."""
    now = database_now()
    about = [(said_of(row), _subject_keys(row)) for row in rows]
    Activity.objects.bulk_create(
        [
            Activity(
                kind=ActivityKind.CHANGE,
                author_id=actor.user_id,
                subject=said[:MAX_SUBJECT_LENGTH],
                message=messages_of(subject=said),
                happened_at=now,
                **keys,
            )
            for said, keys in about
            if keys
        ],
        batch_size=500,
    )


def _subject_keys(row: Model) -> dict[str, UUID]:
    if isinstance(row, Customer):
        return {"customer_id": row.pk}
    if isinstance(row, Deal):
        return {"customer_id": row.customer_id, "deal_id": row.pk}
    return {"lead_id": row.pk} if isinstance(row, Lead) else {}
