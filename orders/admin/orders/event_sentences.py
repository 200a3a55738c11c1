"""What happened to an order, in sentences for people: without ids, in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.admin.orders.event_facts import Data, amount_of, facts_of, lines_of, moment_of, rows_of, text_of, units_of
from orders.admin.orders.shipment_sentences import tell_shipments
from orders.models.order import Order
from orders.models.order_event import EventKind, OrderEvent
from orders.states import DisputeStatus, RefundStatus, ReturnStatus
from shared.admin.display import number


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
    """A kind without words of its own is called by its name; what else is known and a step to another status are told
    after that."""
    data: Data = event.data if isinstance(event.data, dict) else {}
    tell = _SENTENCES.get(event.kind)
    sentences = [tell(data) if tell else str(event.get_kind_display()), *facts_of(data)]
    if event.kind not in _TELLS_THE_STATUS and event.from_status not in ("", event.to_status):
        step = {"before": event.get_from_status_display(), "after": event.get_to_status_display()}
        sentences.append(_("Status: %(before)s → %(after)s.") % step)
    return " ".join(filter(None, sentences))


def _with_amount(data: Data, text: str, without: str) -> str:
    amount = amount_of(data)
    return text % {"amount": amount} if amount else without


def _tell_paid(data: Data) -> str:
    return _with_amount(data, _("%(amount)s was paid."), _("The order was paid."))


def _tell_underpaid(data: Data) -> str:
    return _with_amount(data, _("%(amount)s came in, less than is due."), _("Less than is due came in."))


def _tell_refund_due(data: Data) -> str:
    return _with_amount(data, _("%(amount)s came in and is to be given back."), _("Money that came in is to go back."))


def _tell_refund(data: Data) -> str:
    """That it was asked for, or what became of it."""
    told: dict[str, tuple[str, str]] = {
        RefundStatus.DUE: (
            _("The refund of %(amount)s is to be tried again."),
            _("A refund is to be tried again."),
        ),
        RefundStatus.SENT: (_("The refund of %(amount)s is under way."), _("A refund is under way.")),
        RefundStatus.DONE: (_("The refund of %(amount)s was paid out."), _("A refund was paid out.")),
        RefundStatus.FAILED: (_("The refund of %(amount)s failed."), _("A refund failed.")),
        RefundStatus.CANCELLED: (_("The refund of %(amount)s was taken back."), _("A refund was taken back.")),
    }
    made = (_("A refund of %(amount)s was made."), _("A refund was made."))
    said = _with_amount(data, *told.get(text_of(data, "refund_status"), made))
    lines = lines_of(data)
    return f"{said} {_('For: %(lines)s.') % {'lines': lines}}" if lines else said


def _tell_return(data: Data) -> str:
    told: dict[str, str] = {
        ReturnStatus.REQUESTED: _("Return %(number)s was asked for: %(lines)s."),
        ReturnStatus.APPROVED: _("Return %(number)s was approved: %(lines)s."),
        ReturnStatus.REJECTED: _("Return %(number)s was rejected: %(lines)s."),
        ReturnStatus.RECEIVED: _("The goods of return %(number)s arrived: %(lines)s."),
        ReturnStatus.REFUNDED: _("Return %(number)s was refunded: %(lines)s."),
        ReturnStatus.CANCELLED: _("Return %(number)s was withdrawn: %(lines)s."),
    }
    text = told.get(text_of(data, "return_status"), _("Return %(number)s was changed: %(lines)s."))
    return text % {"number": text_of(data, "number") or "-", "lines": lines_of(data) or "-"}


def _tell_edit(data: Data) -> str:
    """Other lines, goods that arrived for waiting ones, or an odd payment that was dealt with."""
    units = units_of(data, "units")
    if units is not None:
        return ngettext(
            "%(units)s unit arrived for a line that waited.",
            "%(units)s units arrived for a line that waited.",
            units,
        ) % {"units": number(units)}
    changes = ", ".join(filter(None, map(_line_change, rows_of(data, "lines"))))
    if not changes:
        return _("A payment was settled.") if "payment" in data else _("The order was changed.")
    said = _("The lines were changed: %(changes)s.") % {"changes": changes}
    difference = amount_of(data, "difference")
    return f"{said} {_('Difference: %(amount)s.') % {'amount': difference}}" if difference else said


def _line_change(line: Data) -> str:
    before, after = text_of(line, "from") or "-", text_of(line, "to") or "-"
    return f"{text_of(line, 'sku')} {before} → {after}" if text_of(line, "sku") else ""


def _tell_extension(data: Data) -> str:
    until = moment_of(data, "to")
    if not until:
        return _("The payment deadline was extended.")
    return _("The payment deadline was extended to %(until)s.") % {"until": until}


def _tell_update(data: Data) -> str:
    known = {field.name: field.verbose_name for field in Order._meta.fields}
    changed = data.get("changed")
    names = (
        [str(known.get(name, name)) for name in changed if isinstance(name, str)] if isinstance(changed, list) else []
    )
    return _("Changed: %(fields)s.") % {"fields": ", ".join(names)} if names else _("Details were changed.")


def _tell_dispute(data: Data) -> str:
    states: dict[str, Any] = dict(DisputeStatus.choices)
    status = str(states.get(text_of(data, "dispute_status"), "-")).lower()
    return _("The payer disputes %(amount)s: %(status)s.") % {"amount": amount_of(data) or "-", "status": status}


_SENTENCES: Mapping[str, Callable[[Data], str]] = {
    EventKind.PLACED: lambda _data: _("The order was placed."),
    EventKind.PAID: _tell_paid,
    EventKind.UNDERPAID: _tell_underpaid,
    EventKind.PAYMENT_REFUND_DUE: _tell_refund_due,
    EventKind.PAYMENT_FAILED: lambda _data: _("A payment failed."),
    EventKind.STATUS_CHANGED: tell_shipments,
    EventKind.SHIPPED: tell_shipments,
    EventKind.DELIVERED: tell_shipments,
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
