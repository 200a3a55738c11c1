"""Write down in the timeline that something was changed."""

from datetime import datetime
from uuid import UUID

from crm.models.activity import Activity, ActivityKind
from crm.timeline.limits import MAX_SUBJECT_LENGTH, MAX_TEXT_LENGTH
from crm.timeline.lines import messages_of
from shared.actor import Actor
from shared.clock import database_now


def record_change(
    *,
    subject: str,
    actor: Actor,
    customer_id: UUID | None = None,
    lead_id: UUID | None = None,
    deal_id: UUID | None = None,
    text: str = "",
    now: datetime | None = None,
) -> Activity:
    """What a service did, for the timeline; call it in the service's own transaction. Cut to what fits."""
    return Activity.objects.create(
        kind=ActivityKind.CHANGE,
        customer_id=customer_id,
        lead_id=lead_id,
        deal_id=deal_id,
        author_id=actor.user_id,
        subject=subject[:MAX_SUBJECT_LENGTH],
        text=text[:MAX_TEXT_LENGTH],
        message=messages_of(subject=subject, text=text),
        happened_at=now or database_now(),
    )
