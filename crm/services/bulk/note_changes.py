"""Write what was done to many rows into the timeline of each."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Model

from crm.models.activity import Activity, ActivityKind
from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.timeline.limits import MAX_SUBJECT_LENGTH
from shared.actor import Actor
from shared.clock import database_now
from users.models.customer import Customer


def note_changes(rows: Iterable[Model], what: str, *, actor: Actor) -> None:
    """One entry for each row in its timeline; tasks have none."""
    now = database_now()
    about = [(row, _about(row)) for row in rows]
    Activity.objects.bulk_create(
        [
            Activity(
                kind=ActivityKind.CHANGE,
                author_id=actor.user_id,
                subject=_subject(row, what),
                happened_at=now,
                **keys,
            )
            for row, keys in about
            if keys
        ],
        batch_size=500,
    )


def _about(row: Model) -> dict[str, UUID]:
    if isinstance(row, Customer):
        return {"customer_id": row.pk}
    if isinstance(row, Deal):
        return {"customer_id": row.customer_id, "deal_id": row.pk}
    return {"lead_id": row.pk} if isinstance(row, Lead) else {}


def _subject(row: Model, what: str) -> str:
    text = f"{row.title[:120]}: {what}" if isinstance(row, Deal) else f"{what[:1].upper()}{what[1:]}"
    return text[:MAX_SUBJECT_LENGTH]
