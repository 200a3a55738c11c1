"""What happened to an order, in sentences for people: without ids, in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.models.order import Order
from orders.models.order_event import EventKind, OrderEvent
from orders.states import DisputeStatus, RefundStatus, ReturnStatus, ShipmentStatus
from shared.admin.display import moment_text, money, number

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """`remark` is a colleague's, buyer's or bank's own words beside the sentence."""

    at: datetime
    who: str
    text: str
    remark: str = ""


def told_events(events: Iterable[OrderEvent]) -> list[ToldEvent]:
    """The events as people read them."""
    return [_told_event(event) for event in events]


def _told_event(event: OrderEvent) -> ToldEvent:
    who = str(event.actor) if event.actor is not None else _("system")
    return ToldEvent(event.created_at, who, event_sentence(event), event.shown_reason)


def event_sentence(event: OrderEvent) -> str:
    """A kind without words of its own is called by its name; a step to another status is told after the rest."""
    tell = _SENTENCES.get(event.kind)
    text = tell(event.data) if tell else str(event.get_kind_display())
    if event.kind in _TELLS_THE_STATUS or event.from_status in ("", event.to_status):
        return text
    step = {"before": event.get_from_status_display(), "after": event.get_to_status_display()}
    return f"{text} {_('Status: %(before)s → %(after)s.') % step}".strip()


def _amount_of(data: Data, name: str = "amount") -> str:
    """As people write it; empty where there is none."""
    try:
        amount = Decimal(str(data.get(name) or ""))
    except InvalidOperation:
        return ""
    return money(amount, str(data.get("currency") or "")).strip()


def _with_amount(data: Data, text: str, without: str) -> str:
    amount = _amount_of(data)
    return text % {"amount": amount} if amount else without


def _of_lines(lines: Any) -> str:
    """`2 x APR-M, 1 x MUG`."""
    return ", ".join(f"{number(int(line['quantity']))} x {line['sku']}" for line in lines or () if "quantity" in line)


def _tell_paid(data: Data) -> str:
    return _with_amount(data, _("%(amount)s was paid."), _("The order was paid."))


def _tell_underpaid(data: Data) -> str:
    return _with_amount(data, _("%(amount)s came in, less than is due."), _("Less than is due came in."))


def _tell_refund_due(data: Data) -> str:
    return _with_amount(data, _("%(amount)s came in and is to be given back."), _("Money that came in is to go back."))


def _tell_shipments(data: Data) -> str:
    """What became of the shipments; nothing where the step is all there is."""
    told: dict[str, Any] = {
        ShipmentStatus.READY: _("Shipment %(number)s was packed: %(lines)s."),
        ShipmentStatus.SHIPPED: _("Shipment %(number)s was sent: %(lines)s."),
        ShipmentStatus.DELIVERED: _("Shipment %(number)s was delivered: %(lines)s."),
        ShipmentStatus.CANCELLED: _("Shipment %(number)s was unpacked again: %(lines)s."),
    }
    sentences = []
    for shipment in data.get("shipments") or ():
        text = told.get(shipment.get("status"), "")
        lines = _of_lines(shipment.get("items"))
        said = text % {"number": shipment.get("number", ""), "lines": lines}
        sentences.append(said if lines else said.replace(": .", "."))
        if shipment.get("tracking_number"):
            tracking = {"carrier": shipment.get("carrier", ""), "number": shipment["tracking_number"]}
            sentences.append((_("Tracking: %(carrier)s %(number)s.") % tracking).replace("  ", " "))
    return " ".join(filter(None, sentences))


def _tell_refund(data: Data) -> str:
    """That it was asked for, or what became of it."""
    told = {
        RefundStatus.DUE: _("The refund of %(amount)s is to be tried again."),
        RefundStatus.SENT: _("The refund of %(amount)s is under way."),
        RefundStatus.DONE: _("The refund of %(amount)s was paid out."),
        RefundStatus.FAILED: _("The refund of %(amount)s failed."),
        RefundStatus.CANCELLED: _("The refund of %(amount)s was taken back."),
    }
    text = told.get(data.get("refund_status"), _("A refund of %(amount)s was made."))  # type: ignore[arg-type]
    said = text % {"amount": _amount_of(data)}
    lines = _of_lines(data.get("items"))
    return f"{said} {_('For: %(lines)s.') % {'lines': lines}}" if lines else said


def _tell_return(data: Data) -> str:
    told = {
        ReturnStatus.REQUESTED: _("Return %(number)s was asked for: %(lines)s."),
        ReturnStatus.APPROVED: _("Return %(number)s was approved: %(lines)s."),
        ReturnStatus.REJECTED: _("Return %(number)s was rejected: %(lines)s."),
        ReturnStatus.RECEIVED: _("The goods of return %(number)s arrived: %(lines)s."),
        ReturnStatus.REFUNDED: _("Return %(number)s was refunded: %(lines)s."),
        ReturnStatus.CANCELLED: _("Return %(number)s was withdrawn: %(lines)s."),
    }
    text = told.get(data.get("return_status"), _("Return %(number)s was changed: %(lines)s."))  # type: ignore[arg-type]
    return text % {"number": data.get("number", ""), "lines": _of_lines(data.get("items")) or "-"}


def _tell_edit(data: Data) -> str:
    """Other lines, goods that arrived for waiting ones, or an odd payment that was dealt with."""
    if "units" in data:
        return ngettext(
            "%(units)s unit arrived for a line that waited.",
            "%(units)s units arrived for a line that waited.",
            data["units"],
        ) % {"units": number(data["units"])}
    if "lines" not in data:
        return _("A payment was settled.") if "payment" in data else _("The order was changed.")
    changes = ", ".join(f"{line.get('sku')} {line.get('from')} → {line.get('to')}" for line in data["lines"])
    said = _("The lines were changed: %(changes)s.") % {"changes": changes}
    difference = _amount_of(data, "difference")
    return f"{said} {_('Difference: %(amount)s.') % {'amount': difference}}" if difference else said


def _tell_extension(data: Data) -> str:
    try:
        until = moment_text(datetime.fromisoformat(str(data.get("to"))))
    except ValueError:
        return _("The payment deadline was extended.")
    return _("The payment deadline was extended to %(until)s.") % {"until": until}


def _tell_update(data: Data) -> str:
    known = {field.name: field.verbose_name for field in Order._meta.fields}
    names = [str(known.get(name, name)) for name in data.get("changed") or ()]
    return _("Changed: %(fields)s.") % {"fields": ", ".join(names)} if names else _("Details were changed.")


def _tell_dispute(data: Data) -> str:
    states: dict[Any, Any] = dict(DisputeStatus.choices)
    about = {"amount": _amount_of(data), "status": str(states.get(data.get("dispute_status"), "-")).lower()}
    return _("The payer disputes %(amount)s: %(status)s.") % about


_SENTENCES: Mapping[str, Callable[[Data], str]] = {
    EventKind.PLACED: lambda _data: _("The order was placed."),
    EventKind.PAID: _tell_paid,
    EventKind.UNDERPAID: _tell_underpaid,
    EventKind.PAYMENT_REFUND_DUE: _tell_refund_due,
    EventKind.PAYMENT_FAILED: lambda _data: _("A payment failed."),
    EventKind.STATUS_CHANGED: _tell_shipments,
    EventKind.SHIPPED: _tell_shipments,
    EventKind.DELIVERED: _tell_shipments,
    EventKind.CANCELLED: lambda _data: _("The order was cancelled."),
    EventKind.EXPIRED: lambda _data: _("The order was not paid in time and is cancelled; its stock is free again."),
    EventKind.REFUNDED: _tell_refund,
    EventKind.RETURN: _tell_return,
    EventKind.EDITED: _tell_edit,
    EventKind.EXTENDED: _tell_extension,
    EventKind.UPDATED: _tell_update,
    EventKind.DELETED: lambda _data: _("The order was deleted."),
    EventKind.RESTORED: lambda _data: _("The order was restored."),
    EventKind.DISPUTED: _tell_dispute,
}
# The sentence itself says where the order is now.
_TELLS_THE_STATUS = (EventKind.PLACED, EventKind.CANCELLED, EventKind.EXPIRED)
