"""Finding orders by what people remember of them."""

from uuid import UUID

from django.db.models import QuerySet

from orders.models.order import Order
from orders.reads.matching import numbers_like
from shared.admin.search import MAX_MATCHES, at_most, is_complete
from shared.planner.lookups import filter_by_keys, one_of
from shared.planner.newest import newest_of_each
from users.admin.customer import customers_matching

# A search for orders in front of something else looks at this many at most.
_MAX_MATCHES = 200
# What lists leave out, as every colleague sees them and nothing else chooses, and the same in SQL.
_LEFT_OUT = (
    (Order.objects.filter(parent=None, deleted_at=None).query.where, "parent_id IS NULL AND deleted_at IS NULL"),
    (Order.objects.filter(deleted_at=None).query.where, "deleted_at IS NULL"),
)


def _left_out(orders: QuerySet) -> str | None:
    """In SQL what is left out of them; None if something else chooses among them, too."""
    return next((sql for where, sql in _LEFT_OUT if orders.query.where == where), None)


def is_narrowed(orders: QuerySet) -> bool:
    """Whether something chooses among them, besides what every list leaves out."""
    return _left_out(orders) is None


def search_orders(orders: QuerySet, term: str) -> QuerySet:
    """Those of them with the term as their number, or its beginning or end, or with words of their customer.

    The newest orders of each customer; all of them where something else chooses among them.
    """
    # People paste numbers as mails show them, with a #.
    exact = orders.filter(number=term.removeprefix("#"))
    # A whole number is meant as one: it is not looked for as a part of others, or in names.
    if term[-1:].isdigit() and exact.exists():
        return exact
    numbered, owners, left_out = numbers_like(term.removeprefix("#")), customers_matching(term), _left_out(orders)
    # An index that begins with the customer serves the newest of each only where nothing else chooses; and an export
    # wants all of them, not the newest.
    if left_out is None or is_complete():
        return orders.filter(one_of("customer", owners) | one_of("number", numbered))
    keys = list(orders.filter(one_of("number", numbered)).values_list("pk", flat=True)) if numbered else []
    keys += newest_of_each(Order, "customer", owners, "created_at DESC, id DESC", left_out, MAX_MATCHES + 1)
    return filter_by_keys(orders, "pk", keys)


def orders_matching(term: str) -> list[UUID]:
    """Ids of the latest of them, for searching what belongs to them."""
    found = search_orders(Order.objects.filter(deleted_at=None), term)
    return list(found.values_list("pk", flat=True)[: at_most(_MAX_MATCHES)])
