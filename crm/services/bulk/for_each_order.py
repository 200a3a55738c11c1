"""Do one thing to many orders, each in a transaction of its own, as it is done to one."""

from collections.abc import Callable, Sequence
from uuid import UUID

from crm.services.bulk.check_many import BulkResult, check_many
from orders.models.order import Order
from shared.errors import Refusal
from shared.planner.lookups import one_of


def for_each_order(ids: Sequence[UUID], do: Callable[[Order], bool]) -> BulkResult:
    """`do` says whether the order, as it was read before, was changed. A refusal leaves the others alone."""
    check_many(ids)
    result = BulkResult()
    for order in Order.objects.filter(one_of("pk", ids)).order_by("pk"):
        try:
            if do(order):
                result.changed += 1
            else:
                result.unchanged += 1
        except Refusal as refusal:
            result.refused.append(f"{order.number}: {refusal.detail}")
    return result
