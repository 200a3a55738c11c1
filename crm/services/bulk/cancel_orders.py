"""Cancel many orders, each in a transaction of its own."""

from collections.abc import Sequence
from uuid import UUID

from crm.services.bulk.check_many import BulkResult
from crm.services.bulk.for_each_order import for_each_order
from orders.models.order import Order
from orders.services.orders.cancel_order import cancel_order
from orders.states import CancelReason, OrderStatus
from shared.actor import Actor


def bulk_cancel(*, ids: Sequence[UUID], actor: Actor, note: str) -> BulkResult:
    """Unpaid ones."""

    def cancel(order: Order) -> bool:
        cancel_order(order_id=order.pk, actor=actor, reason=CancelReason.STAFF, note=note)
        return order.status != OrderStatus.CANCELLED

    return for_each_order(ids, cancel)
