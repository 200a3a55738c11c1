"""A customer as an order sees it at the moment of placing."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet, UUIDField

from shared.compiled_query import CompiledQuery, Param
from users.models.customer import Customer


@dataclass(frozen=True, slots=True)
class Buyer:
    """Whose order it is; name and e-mail become the order's snapshot."""

    customer_id: UUID
    name: str
    email: str


def find_buyer(customer_id: UUID) -> Buyer | None:
    """The customer, or None. One statement, no lock."""
    rows = _BUYER.fetch(id=customer_id)
    return Buyer(*rows[0]) if rows else None


def _buyer_by_id() -> QuerySet:
    return Customer.objects.filter(pk=Param("id", UUIDField())).order_by().values_list("id", "name", "email")


_BUYER = CompiledQuery(_buyer_by_id)
