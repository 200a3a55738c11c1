"""The only place that locks orders. Lock order everywhere: idempotency key, then order, then stock levels."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from orders.order_state import OrderStatus
from shared.errors import NotFound


class OrderNotFound(NotFound):
    code = "order_not_found"
    title = _("No such order")


def lock_order(order_id: UUID) -> Order:
    """Lock one order until the transaction ends and read it as it is now. FOR NO KEY UPDATE: its items, payments and
    events point at it. Raises OrderNotFound."""
    _need_transaction()
    order = Order.objects.select_for_update(of=("self",), no_key=True).filter(pk=order_id).first()
    if order is None:
        raise OrderNotFound(gettext("No such order: %(order_id)s.") % {"order_id": order_id})
    return order


def lock_overdue_orders(*, now: datetime, limit: int) -> dict[UUID, str]:
    """Lock up to `limit` unpaid orders whose deadline is past, longest overdue first, passing over those that
    somebody else is paying, cancelling or expiring at this moment. Answers id: number."""
    _need_transaction()
    overdue = Order.objects.filter(status=OrderStatus.PENDING, payment_expires_at__lte=now)
    locked = overdue.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return dict(locked.order_by("payment_expires_at").values_list("pk", "number")[:limit])


def _need_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Locking an order outside a transaction would hold nothing.")
