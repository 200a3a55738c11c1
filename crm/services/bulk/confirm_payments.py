"""Confirm the payments of many orders, each in a transaction of its own."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext

from crm.services.bulk.check_many import BulkResult
from crm.services.bulk.for_each_order import for_each_order
from orders.models.order import Order
from orders.services.payments.confirm_payment import confirm_payment
from orders.states import OrderStatus
from shared.actor import Actor
from shared.errors import Refusal


def bulk_confirm_payment(*, ids: Sequence[UUID], actor: Actor) -> BulkResult:
    """The total of each came in. Orders that wait for no money are refused, and none is paid twice: a payment without
    a reference changes nothing on a paid order. Raises InvalidInput for too many, as do the others."""

    def confirm(order: Order) -> bool:
        if order.status != OrderStatus.PENDING and order.paid_at is None:
            raise Refusal(gettext("it is %(status)s.") % {"status": order.get_status_display().lower()})
        confirm_payment(order_id=order.pk, actor=actor)
        return order.paid_at is None

    return for_each_order(ids, confirm)
