"""Addresses of the admin's lists of orders, as reports link to them."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from orders.states import JOURNEY, MONEY_IS_HERE, CancelReason, OrderStatus
from shared.admin.day_range import SHOP
from shared.clock import shop_zone

PAID = {"payment_status__in": ",".join(MONEY_IS_HERE), "status__in": ",".join(JOURNEY)}
EXPIRED = {"status__exact": OrderStatus.CANCELLED.value, "cancel_reason__exact": CancelReason.PAYMENT_TIMEOUT.value}
_BY_HAND = f"{CancelReason.CUSTOMER.value},{CancelReason.STAFF.value}"
CANCELLED = {"status__exact": OrderStatus.CANCELLED.value, "cancel_reason__in": _BY_HAND}
WAITING = {"status__exact": OrderStatus.PENDING.value}


def orders_url(first: date, last: date, **filters: str) -> str:
    """The list of orders placed on these days of the shop's, and of this kind."""
    days: dict[str, Any] = {"created_at_from_0": first, "created_at_to_0": last}
    if timezone.get_current_timezone_name() != shop_zone().key:
        days["created_at_zone"] = SHOP
    return f"{reverse('admin:orders_order_changelist')}?{urlencode(days | filters)}"
