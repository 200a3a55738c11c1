"""Who acts: what services write into ledgers, events and logs."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """`principal_id` owns idempotency keys: the API key's id where one signed in, else the user's."""

    user_id: UUID | None
    principal_id: UUID | None
    label: str


SYSTEM = Actor(user_id=None, principal_id=None, label="system")
