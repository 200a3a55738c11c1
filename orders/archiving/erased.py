"""Persons who were erased while their orders were in the archive are erased in these, too."""

from collections.abc import Sequence
from uuid import UUID

from orders.models.order import Order
from orders.services.upkeep.erase_buyer import erase_buyer
from shared.clock import database_now
from shared.models.record_change import RecordChange
from shared.planner.lookups import one_of
from shared.privacy.erasure import registered_orders_erasers


def erase_again(order_ids: Sequence[UUID]) -> None:
    """After the orders came back, in the same transaction."""
    theirs = Order.objects.filter(one_of("pk", list(order_ids)), customer__erased_at__isnull=False).order_by()
    erased = list(theirs.values_list("pk", flat=True))
    if not erased:
        return
    records: set[str] = set()
    for customer_id in theirs.values_list("customer_id", flat=True).distinct():
        records |= erase_buyer(customer_id=customer_id, now=database_now())
    # What the books need stays as long as that of orders that never left: see erase_expired_buyers.
    for erase in registered_orders_erasers(of_books=False):
        erase(erased)
    RecordChange.objects.filter(one_of("record", sorted(records))).update(before={}, after={})
