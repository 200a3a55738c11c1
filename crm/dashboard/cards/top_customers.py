"""The customers who bought most."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from crm.dashboard.card import MOST_SHOWN, Card
from crm.dashboard.order_lists import PAID
from crm.dashboard.sold import sold_of
from crm.reads import sales
from shared.admin.display import money


def _customers(request: HttpRequest) -> dict[str, Any]:
    currency = sold_of(request).report["currency"]
    best = sales.top_customers(currency, MOST_SHOWN)
    highest = best[0].revenue if best else None
    orders = reverse("admin:orders_order_changelist")
    rows = [
        {
            "customer": row.customer,
            "paid": row.paid,
            "paid_url": f"{orders}?{urlencode({'customer__id__exact': str(row.customer_id)} | PAID)}",
            "revenue": money(row.revenue, currency),
            "share": round(100 * row.revenue / highest) if highest else 0,
        }
        for row in best
    ]
    return {"currency": currency, "rows": rows}


CARD = Card(
    "admin/kontor/cards/top_customers.html",
    permissions=("orders.view_order", "users.view_customer"),
    read=_customers,
    rank=40,
    is_of_whole_shop=True,
)
