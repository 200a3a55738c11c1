"""Write down something about a customer."""

from datetime import datetime
from uuid import UUID

from crm.models.note import Note
from shared.actor import Actor
from shared.clock import database_now
from shared.errors import InvalidInput, NotFound
from users.models.customer import Customer

MAX_NOTE_LENGTH = 10_000


def add_note(*, customer_id: UUID, text: str, actor: Actor, now: datetime | None = None) -> Note:
    """Add a note signed by the actor. Raises NotFound, or InvalidInput when it is empty or too long."""
    text = text.strip()
    if not 1 <= len(text) <= MAX_NOTE_LENGTH or "\0" in text:
        fault = f"A note has 1 to {MAX_NOTE_LENGTH:,} characters and no NUL."
        raise InvalidInput(("/text", "out_of_range", fault))
    if not Customer.objects.filter(pk=customer_id).exists():
        raise NotFound("There is no such customer.")
    return Note.objects.create(
        customer_id=customer_id, author_id=actor.user_id, text=text, created_at=now or database_now()
    )
