"""What is running out."""

from django.http import HttpRequest

from crm.dashboard.card import MOST_SHOWN, Card
from crm.reads.low_stock import low_stock
from inventory.models.level import StockLevel


def _levels(_request: HttpRequest) -> list[StockLevel]:
    return list(low_stock(MOST_SHOWN))


CARD = Card(
    "admin/kontor/cards/low_stock.html",
    permissions=("inventory.view_stocklevel",),
    read=_levels,
    rank=60,
    is_of_whole_shop=True,
)
