"""What an event was about, for people."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from orders.models.payment import PaymentMatch
from orders.models.refund import RefundCause
from orders.states import OrderStatus, RefundStatus, ReturnStatus
from shared.admin.display import NOTHING

# Names in events' data, which are read in the reader's language; one that is missing here is shown as it is kept.
_NAMES = {
    "amount": _("amount"),
    "backorder": _("backorder"),
    "cause": _("cause"),
    "currency": _("currency"),
    "difference": _("difference"),
    "failure": _("failure"),
    "from": pgettext_lazy("detail of an event", "from"),
    "intent": _("payment intent"),
    "item": _("order item"),
    "items": _("items"),
    "lines": _("lines"),
    "method": _("method"),
    "minutes": _("minutes"),
    "note": _("note"),
    "number": _("number"),
    "part": _("sub-order"),  # what events of 0.2.0 and before call it: they are never rewritten
    "sub_orders": _("sub-orders"),
    "payment": _("payment"),
    "provider": _("provider"),
    "reference": _("reference"),
    "refund": _("refund"),
    "refund_status": _("state of the refund"),
    "refunds": _("refunds"),
    "request": _("request"),
    "restocking_fee": _("restocking fee"),
    "return": _("return"),
    "return_status": _("state of the return"),
    "seller_order": _("sub-order"),
    "shipments": _("shipments"),
    "shipping_amount": _("of it for shipping"),
    "match": _("match"),
    "to": pgettext_lazy("detail of an event", "to"),
    "too_much": _("too much"),
    "units": _("units"),
    "written_off": _("written off"),
}
_CODES = {
    "cause": dict(RefundCause.choices),
    "refund_status": dict(RefundStatus.choices),
    "return_status": dict(ReturnStatus.choices),
    "match": dict(PaymentMatch.choices),
}
_STATUSES = dict(OrderStatus.choices)


def event_details(data: Mapping[str, Any]) -> str:
    """Names and values in a line or two; of rows their numbers, or how many there are."""
    # Zero and False are said; only what was left empty is not.
    said = ((name, value) for name, value in data.items() if value not in ("", None))
    return "; ".join(f"{_label_of(name)}: {_shown_value(name, value)}" for name, value in said) or NOTHING


def _label_of(name: str) -> str:
    # An event may be older or newer than this table: an unknown name is better shown raw than not at all.
    return str(_NAMES.get(name) or name.replace("_", " "))


def _shown_value(name: str, value: Any) -> str:
    if isinstance(value, list):
        names = [str(row["number"]) for row in value if isinstance(row, dict) and "number" in row]
        return ", ".join(names) or str(len(value))
    if isinstance(value, dict):
        return ", ".join(f"{_label_of(inner)} {_STATUSES.get(str(text), text)}" for inner, text in value.items())
    # Before anything that takes numbers: to Python True is 1.
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(_CODES.get(name, {}).get(value, value))
