"""Addresses of the admin's lists of orders, as reports link to them."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from orders.states import JOURNEY, MONEY_IS_HERE, CancelReason, OrderStatus

PAID = {"payment_status__in": ",".join(MONEY_IS_HERE), "status__in": ",".join(JOURNEY)}
EXPIRED = {"status__exact": OrderStatus.CANCELLED.value, "cancel_reason__exact": CancelReason.PAYMENT_TIMEOUT.value}
_BY_HAND = f"{CancelReason.CUSTOMER.value},{CancelReason.STAFF.value}"
CANCELLED = {"status__exact": OrderStatus.CANCELLED.value, "cancel_reason__in": _BY_HAND}
WAITING = {"status__exact": OrderStatus.PENDING.value}


def orders_url(first: date, last: date, **filters: str) -> str:
    """The list of orders placed on these days, and of this kind."""
    days = {"created_at_from_0": first, "created_at_from_1": "00:00:00"}
    days |= {"created_at_to_0": last, "created_at_to_1": "23:59:59.999999"}
    return f"{reverse('admin:orders_order_changelist')}?{urlencode(days | filters)}"
