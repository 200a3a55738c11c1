"""Figures: today's orders, and what waits or expired."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from crm.dashboard.card import Card, Place
from crm.dashboard.order_lists import orders_url
from crm.dashboard.period import Period
from crm.dashboard.sales_report import report
from crm.dashboard.sold import sold_of
from crm.reads import waiting


def _figures(request: HttpRequest) -> dict[str, Any]:
    sold = sold_of(request)
    return {
        "today": report(sold.sales, Period("day", sold.today, sold.today)),
        "today_url": orders_url(sold.today, sold.today),
        "expired_hour": waiting.count_bounded(waiting.expired_since(timezone.now() - timedelta(hours=1))),
        "pending_count": waiting.count_bounded(waiting.unpaid_orders()),
    }


CARD = Card(
    "admin/kontor/cards/orders_today.html",
    permissions=("orders.view_order",),
    read=_figures,
    rank=10,
    place=Place.TOP,
    is_of_whole_shop=True,
)
