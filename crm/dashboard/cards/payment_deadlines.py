"""The unpaid orders that will be cancelled first."""

from django.http import HttpRequest

from crm.dashboard.card import MOST_SHOWN, Card
from crm.reads.waiting import unpaid_orders_by_deadline
from orders.models.order import Order


def _orders(_request: HttpRequest) -> list[Order]:
    return list(unpaid_orders_by_deadline()[:MOST_SHOWN])


CARD = Card(
    "admin/kontor/cards/payment_deadlines.html",
    permissions=("orders.view_order",),
    read=_orders,
    rank=50,
    is_of_whole_shop=True,
)
