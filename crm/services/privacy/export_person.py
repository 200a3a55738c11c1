"""All that is kept about a person, for the person: as data for JSON, and for the PDF made of it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from crm.models.activity import Activity
from crm.models.deal import Deal
from crm.models.email import Email
from crm.models.order_mail import OrderMail
from crm.models.segment import SegmentMember
from crm.models.task import Task
from crm.privacy.known_addresses import known_emails, leads_of, shared_emails
from orders.models.dispute import Dispute
from orders.models.draft import Draft, DraftLine
from orders.models.invoice import Invoice
from orders.models.order import Order
from orders.models.order_edit import OrderEdit
from orders.models.order_event import OrderEvent, shown_details
from orders.models.order_return import Return
from orders.models.refund import Refund
from orders.models.sales import ArchivedOrder
from orders.models.shipment import Shipment
from payments.models.payment_intent import PaymentIntent
from shared.clock import database_now
from shared.errors import NotFound
from shared.models.record_change import RecordChange
from shared.money.amounts import format_money
from shared.values.addresses import address_text
from users.models.customer import Customer

# Orders, timeline and leads are in it: it is for those who may see all of them.
EXPORT_NEEDS = (
    "users.export_person",
    "orders.view_order",
    "crm.view_activity",
    "crm.view_deal",
    "crm.view_lead",
)
_OF_DRAFT = ("number", "kind", "status", "note", "created_at", "delivery_address", "billing_address", "discount_reason")
# Newest first; whoever has more is told so.
MAX_ROWS = 10_000


def export_person(*, customer_id: UUID) -> dict[str, Any]:
    """Sections by name, each a record or a list of records of plain texts and numbers; of long lists the newest
    MAX_ROWS, then `is_cut` names them. Raises NotFound."""
    customer = Customer.everyone.select_related("company", "group", "user").filter(pk=customer_id).first()
    if customer is None:
        raise NotFound(gettext("There is no such customer."))
    about = {"customer_id": customer_id}
    emails = known_emails(customer)
    leads = leads_of(
        customer_id=customer.pk,
        name=customer.name,
        phone_e164=customer.phone_e164,
        emails=emails,
        shared=shared_emails(customer.pk, emails),
    )

    def of_orders(model: Any) -> QuerySet[Any]:
        return model.objects.filter(order__customer_id=customer_id).order_by("-pk")  # type: ignore[no-any-return]

    sections: dict[str, Any] = {
        "exported_at": database_now().isoformat(),
        "person": _export_customer(customer),
        "consents": _rows_of(customer.consents.all(), "purpose", "is_given", "source", "recorded_at"),
        "segments": _rows_of(SegmentMember.objects.filter(**about).order_by("segment__name"), "segment__name"),
        "leads": _rows_of(leads, "name", "email", "phone", "company_name", "source", "status", "note", "created_at"),
        "deals": _rows_of(Deal.objects.filter(**about), "title", "status", "value", "currency", "custom_fields"),
        "orders": [_export_order(order) for order in _orders_of(customer_id)],
        # What else is known of these is in files: docs/partitions.md.
        "archived_orders": _rows_of(ArchivedOrder.objects.filter(**about), "number", "month", "created_at"),
        "drafts": _rows_of(Draft.objects.filter(**about), *_OF_DRAFT),
        "draft_lines": _rows_of(_discounted_lines(customer_id), "draft__number", "discount_reason"),
        "documents": _rows_of(of_orders(Invoice), "number", "kind", "content"),
        "returns": _rows_of(of_orders(Return), "number", "status", "reason", "answer"),
        "refunds": _rows_of(of_orders(Refund), "order__number", "amount", "currency", "reason", "reference", "status"),
        "shipments": _rows_of(of_orders(Shipment), "number", "status", "carrier", "tracking_number", "tracking_url"),
        "disputes": _rows_of(of_orders(Dispute), "order__number", "kind", "reason", "status", "amount", "currency"),
        "order_edits": _rows_of(of_orders(OrderEdit), "order__number", "created_at", "reason", "difference"),
        "order_events": _order_events(of_orders(OrderEvent)),
        "payment_intents": _rows_of(of_orders(PaymentIntent), "provider", "provider_id", "status", "failure"),
        "order_mails": _rows_of(of_orders(OrderMail), "created_at", "to", "subject", "body", "status"),
        "timeline": _rows_of(Activity.objects.filter(**about), "happened_at", "kind", "subject", "text"),
        "emails": _rows_of(Email.objects.filter(**about), "created_at", "to", "subject", "body", "status", "sent_at"),
        "tasks": _rows_of(Task.objects.filter(**about), "title", "due_at", "done_at"),
        "changes": _rows_of(
            RecordChange.objects.filter(record=str(customer_id)), "at", "operation", "before", "after", "table"
        ),
    }
    sections["is_cut"] = [name for name, rows in sections.items() if isinstance(rows, list) and len(rows) >= MAX_ROWS]
    return sections


# Of a customer's row: what says nothing of the person. A new column is told unless it is entered here.
_NOT_TOLD = frozenset({"owner", "updated_at", "deleted_at", "phone_e164"})


def _discounted_lines(customer_id: UUID) -> QuerySet[DraftLine]:
    return DraftLine.objects.filter(draft__customer_id=customer_id).exclude(discount_reason="")


def _export_customer(customer: Customer) -> dict[str, Any]:
    columns = [field.name for field in Customer._meta.concrete_fields if field.name not in _NOT_TOLD]
    person = _plain_row({name: getattr(customer, name) for name in columns})
    person["login"] = person.pop("user")
    return {**person, "tags": [tag.name for tag in customer.tags.order_by("name")]}


def _rows_of(rows: QuerySet[Any], *columns: str) -> list[dict[str, Any]]:
    return [_plain_row(row) for row in rows.values(*columns)[:MAX_ROWS]]


def _order_events(events: QuerySet[Any]) -> list[dict[str, Any]]:
    rows = _rows_of(events, "order__number", "created_at", "kind", "reason", "data")
    return [{**row, "data": shown_details(row["data"])} for row in rows]


def _orders_of(customer_id: UUID) -> Iterable[Order]:
    orders = Order.objects.filter(customer_id=customer_id).order_by("-created_at", "-id")
    return orders.prefetch_related("items", "payments")[:MAX_ROWS]


def _export_order(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "placed_at": order.created_at.isoformat(),
        "status": order.status,
        "payment_status": order.payment_status,
        "name": order.customer_name,
        "email": order.customer_email,
        "address": order.customer_address,
        "tax_number": order.customer_tax_number,
        "delivery_address": address_text(order.delivery_address, separator=", "),
        "billing_address": address_text(order.billing_address, separator=", "),
        "metadata": order.metadata,
        "note": order.note,
        "total": f"{format_money(order.total, order.currency)} {order.currency}",
        "items": [f"{item.quantity} x {item.name} ({item.sku})" for item in order.items.all()],
        "payments": [
            f"{format_money(paid.amount, paid.currency)} {paid.currency} {paid.reference}".strip()
            for paid in order.payments.all()
        ],
    }


def _plain_row(row: dict[str, Any]) -> dict[str, Any]:
    """As JSON has it: times as ISO 8601, amounts as text, other records by their names."""
    kept = (str, int, bool, dict, list, type(None))
    return {
        name.replace("__", "_"): value if isinstance(value, kept) else getattr(value, "isoformat", value.__str__)()
        for name, value in row.items()
    }
