"""Erasing a person: every app says what it knows of people, and how that goes.

An eraser is a function `(person: Person) -> None` that runs in the transaction of erase_customer (crm), with the
customer locked. Whoever adds a table that keeps a person's data, or copies of it, registers one when its app is
ready. tests/crm/privacy/test_privacy.py looks for what was forgotten in all text of the database.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

ERASED_NAME = "Erased"


@dataclass(slots=True)
class Person:
    """Who is erased. `records`: ids of rows about the person; erasers add those they delete or empty, and what the
    history of records kept of them is emptied last. `emails` are in lower case; `shared_emails` are those of them that
    other customers have, too: what bears only such an address may be about somebody else."""

    customer_id: UUID
    user_id: UUID | None
    emails: frozenset[str]
    now: datetime
    name: str = ""
    phone_e164: str = ""
    shared_emails: frozenset[str] = frozenset()
    records: set[str] = field(default_factory=set)

    @property
    def own_emails(self) -> frozenset[str]:
        return self.emails - self.shared_emails

    @property
    def email_in_place(self) -> str:
        """An address that leads nowhere, for columns that need one."""
        return f"erased-{self.customer_id}@erased.invalid"


Eraser = Callable[[Person], None]
OrdersEraser = Callable[[list[UUID]], None]
_erasers: dict[str, Eraser] = {}
_orders_erasers: dict[str, tuple[OrdersEraser, bool]] = {}


def register_eraser(name: str, eraser: Eraser) -> None:
    """Called once the app is ready; the same name again replaces it."""
    _erasers[name] = eraser


def registered_erasers() -> list[Eraser]:
    return list(_erasers.values())


def register_orders_eraser(name: str, eraser: OrdersEraser, *, of_books: bool = False) -> None:
    """For what apps above the orders keep of orders that the books need no longer: called with their ids, in the
    transaction that empties them. Unless it is `of_books`, also for paid orders of an erased person, whose words go at
    once, when these come back from the archive."""
    _orders_erasers[name] = eraser, of_books


def registered_orders_erasers(*, of_books: bool = True) -> list[OrdersEraser]:
    """All, or without those of what the books need."""
    return [eraser for eraser, is_of_books in _orders_erasers.values() if of_books or not is_of_books]
