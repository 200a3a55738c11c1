"""The sales of a period: totals, charts, and what became of what was reserved."""

from typing import Any

from django.http import HttpRequest

from crm.dashboard.card import Card, Place
from crm.dashboard.period import PERIODS
from crm.dashboard.sold import sold_of


def _sales(request: HttpRequest) -> dict[str, Any]:
    sold = sold_of(request)
    return {"report": sold.report, "period": sold.period.key, "periods": PERIODS}


CARD = Card(
    "admin/kontor/cards/sales.html",
    permissions=("orders.view_order",),
    read=_sales,
    rank=10,
    place=Place.WIDE,
    is_of_whole_shop=True,
)
