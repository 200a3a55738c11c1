"""Money that came too late or twice, to be given back."""

from typing import Any

from django.http import HttpRequest

from crm.dashboard.card import MOST_SHOWN, Card
from crm.reads import waiting


def _refunds(_request: HttpRequest) -> dict[str, Any]:
    refunds = list(waiting.refunds_due()[: waiting.MAX_COUNTED + 1])
    return {"refunds": refunds[:MOST_SHOWN], "count": waiting.bounded_number(len(refunds))}


CARD = Card("admin/kontor/cards/refunds_due.html", permissions=("orders.view_payment",), read=_refunds, rank=20)
