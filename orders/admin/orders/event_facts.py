"""Single facts of an event's details as people read them, whatever shape they are of: events are never rewritten, and
older releases or another house wrote some."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from orders.models.payment import PaymentMatch
from orders.models.refund import RefundCause
from orders.states import OrderStatus
from shared.admin.display import moment_text, money, number

Data = Mapping[str, Any]
_MOST = Decimal(10**15)  # no column holds more; what is above cannot be rounded


def rows_of(data: Data, name: str) -> list[Data]:
    """Those that can be read."""
    rows = data.get(name)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def text_of(data: Data, name: str) -> str:
    """Empty where there is none, and where it is no text or number."""
    value = data.get(name)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def units_of(data: Data, name: str) -> int | None:
    value = data.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def amount_of(data: Data, name: str = "amount") -> str:
    """As people write it; empty where there is none."""
    amount = _decimal_of(data, name)
    return "" if amount is None else money(amount, text_of(data, "currency")).strip()


def _decimal_of(data: Data, name: str) -> Decimal | None:
    try:
        amount = Decimal(text_of(data, name))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < _MOST else None


def moment_of(data: Data, name: str) -> str:
    """In the reader's zone; empty where there is none."""
    try:
        moment = datetime.fromisoformat(text_of(data, name))
        return moment_text(moment) if moment.tzinfo else ""
    except (ValueError, OverflowError):
        return ""


def lines_of(data: Data, name: str = "items", units: str = "quantity") -> str:
    """`2 x APR-M, 1 x MUG`; without those of which there are none."""
    found = ((units_of(line, units), text_of(line, "sku")) for line in rows_of(data, name))
    return ", ".join(f"{number(count)} x {sku}" for count, sku in found if count and sku)


def facts_of(data: Data) -> list[str]:
    """Sentences on what the event knows beside its subject."""
    return list(_facts_of(data))


def _facts_of(data: Data) -> Iterator[str]:
    told: tuple[tuple[str, Callable[[Data, str], str], str], ...] = (
        ("cause", _cause_of, _("Cause: %(value)s.")),
        ("match", _match_of, _("The amount: %(value)s.")),
        ("too_much", _amount_above_zero, _("Too much: %(value)s.")),
        ("written_off", _amount_above_zero, _("Written off: %(value)s.")),
        ("restocking_fee", _amount_above_zero, _("Restocking fee: %(value)s.")),
        ("shipping_amount", _amount_above_zero, _("Of it for shipping: %(value)s.")),
        ("items", _restocked_of, _("Back in stock: %(value)s.")),
        ("failure", text_of, _("Why it failed: %(value)s.")),
        ("reference", text_of, _("Reference: %(value)s.")),
        ("evidence_due_at", moment_of, _("Evidence is due by %(value)s.")),
        ("sub_orders", _sub_orders_of, _("Sub-orders: %(value)s.")),
        ("note", text_of, _("Note: %(value)s.")),
    )
    for name, read, text in told:
        if value := read(data, name).strip().rstrip("."):
            yield text % {"value": value}


def _amount_above_zero(data: Data, name: str) -> str:
    return amount_of(data, name) if _decimal_of(data, name) else ""


def _restocked_of(data: Data, name: str) -> str:
    return lines_of(data, name, "restocked")


def _cause_of(data: Data, name: str) -> str:
    causes: dict[str, Any] = dict(RefundCause.choices)
    return str(causes.get(text_of(data, name), ""))


def _match_of(data: Data, name: str) -> str:
    """Nothing of one that was exact."""
    matches: dict[str, Any] = dict(PaymentMatch.choices)
    match = text_of(data, name)
    return "" if match == PaymentMatch.EXACT else str(matches.get(match, "")).lower()


def _sub_orders_of(data: Data, name: str) -> str:
    statuses: dict[str, Any] = dict(OrderStatus.choices)
    orders = data.get(name)
    if not isinstance(orders, Mapping):
        return ""
    return ", ".join(f"{order} {statuses.get(str(status), status)}" for order, status in orders.items())
