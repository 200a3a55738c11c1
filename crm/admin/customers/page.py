"""What a colleague may see on a customer's page."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.activity import ActivityKind
from crm.models.email import EmailStatus
from crm.reads import customer_page as queries
from crm.reads.sales import CustomerFigures, customer_figures
from crm.segments.rfm import rfm_of
from crm.timeline.entries import EMAILS, MAX_ORDERS, ORDERS, Entry, timeline
from crm.timeline.lines import shown_subject, shown_text
from crm.timeline.naming import names_to_offer
from orders.admin.orders.event_sentences import event_sentence
from orders.models.order_event import OrderEvent
from shared.admin.display import money
from shared.text.messages import show_text
from users.models.consent import ConsentPurpose

_LABELS: dict[str, Any] = {
    **{kind.value: kind.label for kind in ActivityKind},
    ORDERS: _("Order"),
}
_SAID = {ActivityKind.NOTE, ActivityKind.CALL, ActivityKind.MEETING}
_FILTERS: dict[str, Any] = {
    "": _("All"),
    ORDERS: _("Orders"),
    "note": _("Notes"),
    "call": _("Calls"),
    "meeting": _("Meetings"),
    "email": _("E-mails"),
    "change": _("Changes"),
}


def page_context(request: HttpRequest, customer: Any) -> dict[str, Any]:
    """What is not theirs to see is not read either."""
    may = request.user.has_perm
    known: dict[str, Any] = {
        "now": timezone.now(),
        "consents": _shown_consents(customer),
        "own_fields": _own_fields(customer),
    }
    if may("orders.view_order"):
        known["orders"] = queries.orders_to_show(customer.pk)
        known["figures"] = _shown_figures(customer_figures(customer.pk))
    if may("orders.view_reservation"):
        known["held"] = queries.held_stock(customer.pk)
    if may("crm.view_task"):
        known["tasks"] = list(queries.open_tasks_about(request.user, customer.pk))
    if may("crm.view_deal"):
        known["deals"] = list(queries.latest_deals(customer.pk))
    known["timeline"] = _timeline_page(request, customer)
    if may("crm.add_activity"):
        known["colleagues"] = names_to_offer(request.user, customer)
    return known


def _shown_consents(customer: Any) -> list[dict[str, Any]]:
    labels = dict(ConsentPurpose.choices)
    return [{**said, "label": labels.get(said["purpose"], said["purpose"])} for said in customer.consents_now]


def _own_fields(customer: Any) -> list[tuple[str, Any]]:
    """The shop's own fields that have a value here: label and value."""
    values = customer.custom_fields
    return [
        (field["label"], _shown_value(values[field["key"]]))
        for field in customer.own_fields
        if values.get(field["key"]) not in (None, "")
    ]


def _shown_value(value: Any) -> Any:
    return {True: _("yes"), False: _("no")}.get(value, value) if isinstance(value, bool) else value


def _shown_figures(figures: CustomerFigures) -> dict[str, Any]:
    bought = [row for row in figures.bought if row.paid]
    first = bought[0] if bought else None
    paid_at = max((row.last_paid_order_at for row in bought if row.last_paid_order_at), default=None)
    paid = sum(row.paid for row in bought)
    rfm = rfm_of(
        last_paid_order_at=paid_at,
        paid_orders=paid,
        revenue=first.revenue if first else 0,  # type: ignore[arg-type]
        now=timezone.now(),
    )
    lifetime = [money(row.revenue, row.currency) for row in bought]
    return {
        "lifetime": [_("at least %(value)s") % {"value": text} if figures.is_least else text for text in lifetime],
        "average": [money(row.revenue / row.paid, row.currency) for row in bought],
        "placed": sum(row.placed for row in figures.bought),
        "paid": paid,
        "last": max((row.last_placed_at for row in figures.bought), default=None),
        "rfm": rfm,
        "main": lifetime[0] if lifetime else "",
        "as_of": figures.as_of,
        "is_least": figures.is_least,
    }


def _shown_entry(row: Entry) -> dict[str, Any]:
    """What happened to an order is told as on its own page."""
    shown: dict[str, Any] = {"row": row, "label": _LABELS.get(row.kind, row.kind)}
    if row.kind == ORDERS:
        event = OrderEvent(kind=row.what, from_status=row.state_before, to_status=row.state, data=row.data)
        return {**shown, "sentence": event_sentence(event), "remark": show_text(row.text, row.message)}
    said = {"subject": shown_subject(row.subject, row.message), "sentence": shown_text(row.text, row.message)}
    return {**shown, **said, "state": _label_of(EmailStatus, row.state), "is_said": row.kind in _SAID}


def _timeline_page(request: HttpRequest, customer: Any) -> dict[str, Any] | None:
    """A page of it; None for who may see none of its kinds."""
    may = request.user.has_perm
    rights = {"activity": "crm.view_activity", ORDERS: "orders.view_order", EMAILS: "crm.view_email"}
    sources = [source for source, right in rights.items() if may(right)]
    if not sources:
        return None
    kind = request.GET.get("kind", "")
    kind = kind if kind in _FILTERS else ""
    page = timeline(customer.pk, sources=sources, kind=kind, before=request.GET.get("before", ""))
    return {
        "entries": [_shown_entry(row) for row in page.entries],
        "earlier": f"?{urlencode({'kind': kind, 'before': page.earlier})}#timeline" if page.earlier else "",
        "is_first": not request.GET.get("before"),
        "kind": kind,
        "filters": [{"key": key, "label": label, "is_chosen": key == kind} for key, label in _FILTERS.items()],
        "max_orders": MAX_ORDERS,
    }


def _label_of(choices: type[TextChoices], value: str) -> Any:
    return choices(value).label if value in choices.values else value
