"""Rows that say a marker of somebody in every column that may hold words of a person."""

from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from crm.models.activity import Activity
from crm.models.customer_merge import CustomerMerge, MergedRow
from crm.models.deal import Deal
from crm.models.email import Email
from crm.models.lead import Lead
from crm.models.order_mail import OrderMail
from crm.models.pipeline import Stage
from crm.models.saved_view import SavedView
from crm.models.task import Task
from exchange.models.data_export import Export
from exchange.models.data_import import Import
from exchange.models.import_rows import ImportChange, ImportRow
from exchange.models.stored_file import FileChunk, StoredFile
from orders.models.adjustment import Adjustment
from orders.models.dispute import Dispute
from orders.models.draft import Draft, DraftLine
from orders.models.invoice import Invoice
from orders.models.order import Order
from orders.models.order_edit import OrderEdit
from orders.models.order_event import OrderEvent
from orders.models.order_item import OrderItem
from orders.models.order_return import Return
from orders.models.payment import Payment
from orders.models.refund import Refund
from orders.models.shipment import Shipment
from payments.models.intent_operation import IntentOperation
from payments.models.payment_intent import PaymentIntent
from payments.models.webhook_event import WebhookEvent
from shared.models.idempotency_key import IdempotencyKey
from tests.crm.privacy.known_of_a_person import judged, text_fields
from users.models.api_key import ApiKey
from users.models.consent import Consent
from users.models.customer import Customer
from users.models.sign_in import KnownPlace, SignInFailures
from users.models.staff_session import StaffSession
from users.models.user import User

MARK = "quux"


def mark_of(field: Any) -> Any:
    """The marker, and where it is, as the column takes it."""
    said = f"{MARK} {field.column}"
    if isinstance(field, models.JSONField):
        return [{"name": said}]
    if isinstance(field, ArrayField):
        return [said]
    return said.encode() if isinstance(field, models.BinaryField) else said[: field.max_length]


def marked(model: Any, /, **needs: Any) -> Any:
    """A row whose every text column that is not judged holds the marker, if `needs` does not say what it holds."""
    for field in text_fields(model):
        if not judged(f"{model._meta.db_table}.{field.column}"):
            needs.setdefault(field.name, mark_of(field))
    return model.objects.create(**needs)


def mark_all(model: Any, /, *names: str, **where: Any) -> None:
    """The same in rows that are there."""
    fields = [field for field in text_fields(model) if not judged(f"{model._meta.db_table}.{field.column}")]
    model.objects.filter(**where).update(**{f.name: mark_of(f) for f in fields if not names or f.name in names})


def address_that_says(text: str) -> dict[str, Any]:
    texts = dict.fromkeys(("name", "company", "city", "region", "postal_code", "phone"), text)
    return {**texts, "lines": [text], "country": "UA"}


def know_everything(customer: Customer, order: Order, staff: User) -> None:
    """Of a customer with a login, a deal and a paid order that is over."""
    user, email, now = customer.user, customer.email, timezone.now()
    assert user is not None
    _of_login(user, now)
    _of_order(order, email, now)
    _of_files(customer, staff)
    off: dict[str, Any] = {"discount_kind": "percent", "discount_value": 10}
    said = address_that_says(MARK)
    to: dict[str, Any] = {"delivery_address": said, "billing_address": said}
    draft = marked(Draft, number="D1", customer=customer, currency="USD", **off, **to)
    marked(DraftLine, draft=draft, variant=OrderItem.objects.filter(order=order)[0].variant, **off)
    mark_all(Customer, "phone", "address", "tax_number", "custom_fields", pk=customer.pk)
    lives_at = {"id": "1", "kind": "delivery", "is_default": True, **address_that_says(MARK)}
    Customer.objects.filter(pk=customer.pk).update(metadata={"said": MARK}, addresses=[lives_at])
    mark_all(Lead, "name", "phone", "company_name", "note", "custom_fields", email__iexact=email)
    for model in (Activity, Task, Consent, Deal):
        mark_all(model, *(("title", "custom_fields") if model is Deal else ()))
    mark_all(Order, "customer_name", "customer_email", "customer_address", "customer_tax_number", "note", pk=order.pk)
    address = address_that_says(MARK)
    orders = Order.objects.filter(pk=order.pk)
    orders.update(delivery_address=address, billing_address=address, metadata={"said": MARK})
    mark_all(Payment, order=order)
    lost = Stage.objects.get(kind="lost")
    Deal.objects.filter(customer=customer).update(status="lost", stage=lost, closed_at=now, lost_reason=MARK)
    marked(Email, customer=customer, to=email)
    query = "q=" + email.replace("@", "%40")
    marked(SavedView, owner=staff, page="orders.order", query=query)
    merge = marked(CustomerMerge, kept=customer, duplicate_id=order.pk, moved={})
    marked(MergedRow, merge=merge, kind="dropped", table_name="users_customer", row_id=str(order.pk))
    content_type = ContentType.objects.get_for_model(Order)
    marked(LogEntry, user=staff, content_type=content_type, object_id=str(order.pk), action_flag=2)
    key = {"fingerprint": "", "route": "POST customer create", "created_at": now}
    answer = {"made": [MARK], "address": f"/api/v1/customers/{customer.pk}"}
    marked(IdempotencyKey, id=order.pk, principal_id=staff.pk, answer=answer, **key)


def _of_login(user: User, now: Any) -> None:
    mark_all(User, "first_name", "last_name", pk=user.pk)
    marked(ApiKey, owner=user, prefix="k1", secret_hash="0" * 64, scopes=["orders:read"])
    marked(TOTPDevice, user=user, key="00" * 20)
    StaticToken.objects.create(device=marked(StaticDevice, user=user), token="1234")
    OutstandingToken.objects.create(user=user, jti="1", token=MARK, expires_at=now)
    marked(SignInFailures, user=user)
    marked(KnownPlace, user=user)
    marked(StaffSession, user=user, session_key="s1", address="127.0.0.1")


def _of_order(order: Order, email: str, now: Any) -> None:
    money = {"amount": 1, "currency": order.currency}
    buyer = dict.fromkeys(("name", "email", "address", "tax_number"), MARK) | {"country": "UA"}
    about = {"order": order}
    marked(Return, number="R1", status="REJECTED", created_at=now, decided_at=now, **about)
    refund = marked(
        Refund,
        status="DONE",
        cause="amount",
        payment=order.payments.first(),
        created_at=now,
        done_at=now,
        **money,
        **about,
    )
    said = {"order_version": 1, "issued_at": now}
    marked(Invoice, number="INV1", content={"buyer": buyer, "total": "1.00"}, **said, **about)
    note = {"buyer": buyer, "reason": MARK, "total": "1.00"}
    marked(Invoice, number="CN1", kind="credit_note", refund=refund, content=note, **said, **about)
    marked(OrderEdit, order_version=1, before={}, after={}, difference=0, created_at=now, **about)
    marked(OrderEvent, kind="return", to_status=order.status, created_at=now, data={"note": MARK}, **about)
    marked(Adjustment, kind="write_off", amount=-1, data={}, **about)
    shipment = {"status": "DELIVERED", "shipped_at": now, "created_at": now}
    location = apps.get_model("inventory.StockLocation").objects.first()
    marked(Shipment, number="S1", location=location, **shipment, **about)
    times = {"created_at": now, "updated_at": now}
    marked(Dispute, provider="sandbox", status="won", closed_at=now, **times, **money, **about)
    intent = marked(PaymentIntent, provider="sandbox", **times, **money, **about)
    operation = {"kind": "create", "status": "done", "created_at": now, "due_at": now, "done_at": now}
    marked(IntentOperation, intent=intent, **operation, **money)
    body = f'{{"payment": "{intent.provider_id}", "name": "{MARK}"}}'.encode()
    came = {"received_at": now, "processed_at": now, "status": "processed"}
    marked(WebhookEvent, provider="sandbox", event_id="e1", body=body, **came)
    event = order.events.first()
    marked(OrderMail, kind="shipped", to=email, status="sent", sent_at=now, event=event, **about)


def _of_files(customer: Customer, staff: User) -> None:
    stored = marked(StoredFile)
    marked(FileChunk, file=stored, position=0)
    brought = marked(Import, kind="customers", created_by=staff, file=stored)
    marked(ImportRow, data_import=brought, number=1, object_id=customer.pk, tags=[])
    marked(ImportChange, data_import=brought, model="customer", object_id=customer.pk)
    marked(Export, kind="customers", status="failed", created_by=staff)
