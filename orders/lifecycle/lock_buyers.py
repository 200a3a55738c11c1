"""The lock under which a buyer's unpaid orders are counted."""

from collections.abc import Collection
from uuid import UUID

from users.models.customer import Customer


def lock_buyers(*, customer_ids: Collection[UUID]) -> None:
    """Orders of these customers that have limits are placed one after another from here to the commit.

    Locks: the customers by primary key, after the idempotency keys and before stock levels. Call it in a transaction.
    """
    if customer_ids:
        # no_key: orders point at customers, and inserting one takes a share lock of the key that must not wait for
        # this.
        rows = Customer.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=customer_ids).order_by("pk")
        list(rows.values_list("pk", flat=True))
