"""Move many orders on, each in a transaction of its own."""

from collections.abc import Sequence
from uuid import UUID

from crm.services.bulk.check_many import BulkResult
from crm.services.bulk.for_each_order import for_each_order
from orders.models.order import Order
from orders.services.orders.advance_order import advance_order
from shared.actor import Actor


def bulk_advance(*, ids: Sequence[UUID], actor: Actor, status: str, reason: str = "") -> BulkResult:
    """To the next step; to SHIPPED with all that has not left."""

    def advance(order: Order) -> bool:
        if order.status == status:
            return False
        advance_order(order_id=order.pk, status=status, actor=actor, reason=reason)
        return True

    return for_each_order(ids, advance)
