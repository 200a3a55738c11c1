"""Whose orders and stock a colleague reaches, where their role reaches those of their own sellers alone."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from catalog.models.seller_member import SellerMember
from shared.planner.lookups import one_of
from users.access.ownership import record_access_of

Row = TypeVar("Row", bound=Model)


def sellers_of(user: Any) -> list[UUID] | None:
    """The only sellers that the user reaches, None for all. One statement for whom it narrows, kept with the user."""
    if not record_access_of(user).only_own_sellers:
        return None
    known: list[UUID] | None = user.__dict__.get("_sellers")
    if known is None:
        known = list(SellerMember.objects.filter(user=user.pk).order_by().values_list("seller_id", flat=True))
        user.__dict__["_sellers"] = known
    return known


def of_sellers_of(user: Any, rows: QuerySet[Row], field: str) -> QuerySet[Row]:
    """Those of `rows` whose seller the user reaches; `field` leads to the seller's id."""
    sellers = sellers_of(user)
    return rows if sellers is None else rows.filter(one_of(field, sellers))
