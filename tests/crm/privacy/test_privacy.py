"""Exporting, erasing and forgetting people."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from crm.models.activity import Activity
from crm.models.email import Email
from crm.models.lead import Lead
from crm.models.task import Task
from crm.privacy.export_pdf import person_pdf
from crm.services.privacy.erase_customer import erase_customer
from crm.services.privacy.export_person import export_person
from crm.services.privacy.purge_old_data import purge_old_data
from events.services.sequence_events import sequence_events
from exchange.models.data_export import Export
from exchange.models.data_import import Import
from exchange.models.import_rows import ImportChange, ImportRow
from exchange.models.stored_file import FileChunk, StoredFile
from orders.models.invoice import Invoice
from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.services.upkeep.erase_buyer import erase_expired_buyers
from shared.actor import SYSTEM
from shared.models.record_change import RecordChange
from tests.crm.privacy import known_of_a_person
from tests.crm.privacy.known_of_a_person import NOT_ABOUT_A_PERSON, judged, text_columns
from tests.crm.privacy.marked_rows import MARK, address_that_says, know_everything
from tests.shop.goods import VariantFactory, stock_at
from tests.shop.http.api_client import Caller, login, machine, ok, refused
from tests.shop.people import PASSWORD, SuperuserFactory, UserFactory
from users.models.api_key import Scope
from users.models.custom_field import CustomField
from users.models.customer import Customer

# Name, address and references of what was paid; a credit note says why; the providers' books are compared by ids.
KEPT_FOR_THE_BOOKS = {
    "orders_order.customer_name",
    "orders_order.customer_address",
    "orders_order.customer_tax_number",
    "orders_order.delivery_address",
    "orders_order.billing_address",
    "orders_payment.reference",
    "orders_refund.reference",
    "orders_dispute.provider_id",
    "orders_dispute.reason",
    "orders_invoice.content",
    "payments_intent.provider_id",
}
NAME, EMAIL, PHONE, STREET = "Zerelda Quux", "zerelda@quux.example", "+380441234567", "Quux Street 17"
WORDS = ("zerelda", "quux", "0441234567", "380441234567", "secretword")


@pytest.fixture
def staff(db: None) -> Caller:
    return login(SuperuserFactory.create())


@pytest.fixture
def person(staff: Caller) -> Customer:
    """Somebody of whom every table knows something, with one paid and delivered order and one cancelled."""
    CustomField.objects.create(model="customer", key="nick", label="Nick", kind="text")
    CustomField.objects.create(model="deal", key="wish", label="Wish", kind="text")
    user = UserFactory.create(email="login-" + EMAIL, first_name="Zerelda")
    body = {"name": NAME, "email": EMAIL, "phone": PHONE, "tags": ["secretword-free"], "user": str(user.pk)}
    made = ok(staff.post("/customers", {**body, "custom_fields": {"nick": "Secretword"}}), 201)
    customer = Customer.objects.get(pk=made["id"])
    Customer.objects.filter(pk=customer.pk).update(address=STREET)
    ok(staff.post("/leads", {"name": NAME, "email": EMAIL.upper(), "note": "Secretword"}), 201)
    about = {"customer": str(customer.pk)}
    deal = {"title": f"Chairs for {NAME}", "custom_fields": {"wish": "Secretword"}, **about}
    kept = ok(staff.post("/deals", deal), 201)
    ok(staff.post("/activities", {"text": f"Secretword of {NAME}", "deal": kept["id"], **about}), 201)
    ok(staff.post("/tasks", {"title": f"Call {NAME}", "deal": kept["id"]}), 201)
    ok(staff.post("/consents", {"purpose": "profiling", "is_given": True, "source": f"Call with {NAME}", **about}), 201)
    Email.objects.create(customer=customer, to=EMAIL, subject=f"Dear {NAME}", body="Secretword")
    Caller().post("/auth/token", {"email": user.email, "password": PASSWORD + "wrong"})
    _order(staff, customer, paid=True)
    _order(staff, customer, paid=False)
    return customer


def _order(staff: Caller, customer: Customer, *, paid: bool) -> None:
    variant = VariantFactory.create()
    stock_at(variant, 5)
    line = {"variant": variant.sku, "quantity": 1}
    order = ok(staff.place({"customer": str(customer.pk), "items": [line], "note": f"For {NAME}"}), 201)
    if not paid:
        ok(staff.delete(f"/orders/{order['id']}"))
        return
    ok(staff.pay(order, reference=f"IBAN of {NAME}"))
    for status in ("PROCESSING", "SHIPPED", "DELIVERED"):
        ok(staff.patch(f"/orders/{order['id']}/status", {"status": status}))
    lives_at = {**address_that_says(STREET), "country": "UA", "phone": PHONE}
    Order.objects.filter(pk=order["id"]).update(customer_address=STREET, delivery_address=lives_at)


def places_that_say(*words: str) -> set[str]:
    """Every table.column in the database whose text holds one of the words, in any case."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND"
            " (data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY', 'inet') OR udt_name = 'bytea')"
        )
        found = set()
        for table, column in cursor.fetchall():
            text = f'lower("{column}"::text) ~ %s'
            cursor.execute(f'SELECT 1 FROM "{table}" WHERE {text} LIMIT 1', ["|".join(map(re.escape, words))])
            if cursor.fetchone():
                found.add(f"{table}.{column}")
    return found


def test_nothing_of_an_erased_person_is_left_but_what_the_books_need(staff: Caller, person: Customer) -> None:
    before = places_that_say(*WORDS)

    assert staff.delete(f"/personal-data/{person.pk}").status_code == 204

    tag = {"users_tag.name"}  # a tag is the shop's word, not the person's
    names = {"orders_order.customer_name", "orders_order.customer_address", "orders_order.delivery_address"}
    books = names | {"orders_payment.reference"}
    history_of_tag = {"shared_record_change.after"}
    assert len(before) > 20, "the test knows of many places"
    left = places_that_say("zerelda", "quux", "0441234567", "380441234567")
    assert left == books
    assert places_that_say(PHONE.lstrip("+")) == set()
    assert places_that_say("secretword") <= tag | history_of_tag
    erase_expired_buyers(now=timezone.now() + timedelta(days=366 * 10 + 40))
    assert places_that_say("zerelda", "quux", "0441234567", "380441234567") == set()


def test_every_text_column_was_thought_of_and_none_keeps_an_erased_person(staff: Caller, person: Customer) -> None:
    assert staff.user is not None
    know_everything(person, Order.objects.get(status="DELIVERED"), staff.user)
    sequence_events()
    known = known_of_a_person.places_that_say(MARK)

    assert {column for column in text_columns() - known if not judged(column)} == set(), "fill it, or say why not"
    assert set(NOT_ABOUT_A_PERSON) <= text_columns(), "no longer there"

    assert staff.delete(f"/personal-data/{person.pk}").status_code == 204
    assert known_of_a_person.places_that_say(MARK) == KEPT_FOR_THE_BOOKS
    invoice = Invoice.objects.get(kind="invoice")
    kept = dict.fromkeys(("name", "address", "tax_number"), MARK) | {"email": "", "country": "UA"}
    assert invoice.content == {"buyer": kept, "total": "1.00"}

    erase_expired_buyers(now=timezone.now() + timedelta(days=366 * 10 + 40))
    assert known_of_a_person.places_that_say(MARK) == set()
    invoice.refresh_from_db()
    assert invoice.content["total"] == "1.00"


def test_a_lead_with_an_address_that_several_share_is_whose_name_or_number_it_bears(
    staff: Caller, person: Customer
) -> None:
    Customer.objects.create(name="Otto Quux", email="other@quux.example")
    Customer.objects.filter(pk=person.pk).update(email="family@quux.example")
    Customer.objects.filter(name="Otto Quux").update(email="family@quux.example")
    for name, phone in (("Otto Quux", ""), (NAME.upper(), ""), ("Z. Q.", PHONE)):
        ok(staff.post("/leads", {"name": name, "email": "family@quux.example", "phone": phone}), 201)

    exported = ok(staff.get(f"/personal-data/{person.pk}"))
    assert {lead["name"] for lead in exported["leads"]} == {NAME.upper(), "Z. Q."}
    assert staff.delete(f"/personal-data/{person.pk}").status_code == 204
    assert set(Lead.objects.filter(email="family@quux.example").values_list("name", flat=True)) == {"Otto Quux"}


def test_files_that_brought_the_person_or_took_them_out_go_too(staff: Caller, person: Customer) -> None:
    mine = {"created_by": staff.user, "file_name": "people.csv", "kind": "customers"}
    brought, other = (Import.objects.create(file=_file(), **mine, samples=[[NAME]]) for _ in range(2))
    ImportRow.objects.create(data_import=brought, number=2, key=EMAIL.upper(), values={"name": NAME, "email": EMAIL})
    ImportRow.objects.create(data_import=brought, number=3, key="else@example.com", values={"name": "Else"})
    kept = {"name": NAME, "email": EMAIL}
    ImportChange.objects.create(data_import=brought, model="customer", object_id=person.pk, before=kept, after=kept)
    Import.objects.filter(pk=other.pk).update(samples=[])
    Export.objects.create(kind="customers", status="done", created_by=staff.user, file=_file())

    assert staff.delete(f"/personal-data/{person.pk}").status_code == 204

    assert not places_that_say("zerelda", "quux") & {"exchange_import_row.values", "exchange_import_change.before"}
    assert list(ImportRow.objects.values_list("key", flat=True)) == ["else@example.com"]
    assert list(FileChunk.objects.values_list("file_id", flat=True)) == [other.file_id]


def _file() -> StoredFile:
    stored = StoredFile.objects.create(name="people.csv")
    FileChunk.objects.create(file=stored, position=0, data=f"name\n{NAME}".encode())
    return stored


def test_the_books_stay_and_nobody_signs_in_any_more(staff: Caller, person: Customer) -> None:
    signed_in = login(person.user) if person.user else Caller()
    totals = set(Order.objects.values_list("number", "total", "status"))

    erase_customer(customer_id=person.pk, actor=SYSTEM)

    assert set(Order.objects.values_list("number", "total", "status")) == totals
    assert Order.objects.get(status="DELIVERED").customer_name == NAME
    assert Order.objects.get(status="CANCELLED").customer_name != NAME
    placed = OrderEvent.objects.filter(kind="placed").values_list("data__customer", flat=True)
    assert set(placed) == {str(person.pk)}  # as the orders themselves say
    shown = ok(staff.get(f"/customers/{person.pk}"))
    assert (shown["name"], shown["phone"], shown["tags"], shown["user"]) == ("Erased", "", [], None)
    refused(signed_in.get("/users/me"), 401, "authentication_failed")
    assert (Lead.objects.count(), Task.objects.count(), Email.objects.count()) == (0, 0, 0)


def test_erasing_is_audited_without_the_values(staff: Caller, person: Customer) -> None:
    ok_ = staff.delete(f"/personal-data/{person.pk}")

    assert ok_.status_code == 204
    (entry,) = Activity.objects.filter(customer=person)
    assert (entry.subject, entry.author) == ("Personal data erased", staff.user)
    changes = RecordChange.objects.filter(record=str(person.pk), table="users_customer")
    assert changes.count() >= 2
    assert all((change.before, change.after) == ({}, {}) for change in changes)


def test_it_is_refused_while_orders_are_open_and_done_once(staff: Caller, person: Customer) -> None:
    variant = VariantFactory.create()
    stock_at(variant, 5)
    order = ok(staff.place({"customer": str(person.pk), "items": [{"variant": variant.sku, "quantity": 1}]}), 201)

    refused(staff.delete(f"/personal-data/{person.pk}"), 409, "customer_has_open_orders")
    assert Customer.objects.get(pk=person.pk).name == NAME
    ok(staff.delete(f"/orders/{order['id']}"))
    assert staff.delete(f"/personal-data/{person.pk}").status_code == 204
    refused(staff.delete(f"/personal-data/{person.pk}"), 409, "already_erased")
    consent = {"customer": str(person.pk), "purpose": "profiling", "is_given": True, "source": "x"}
    refused(staff.post("/consents", consent), 404, "not_found")


def test_staff_export_all_of_it_and_nobody_else(staff: Caller, person: Customer) -> None:
    exported = ok(staff.get(f"/personal-data/{person.pk}"))

    assert (exported["person"]["name"], exported["person"]["custom_fields"]) == (NAME, {"nick": "Secretword"})
    assert {name: len(exported[name]) for name in ("orders", "leads", "deals", "tasks", "emails", "consents")} == {
        "orders": 2,
        "leads": 1,
        "deals": 1,
        "tasks": 1,
        "emails": 1,
        "consents": 1,
    }
    assert any(row["text"].startswith("Secretword") for row in exported["timeline"])
    assert {row["kind"] for row in exported["order_events"]} > {"placed"}
    assert str(person.pk) not in str(exported["order_events"])
    owner = login(person.user) if person.user else Caller()
    refused(owner.get(f"/personal-data/{person.pk}"), 403, "permission_denied")
    refused(owner.delete(f"/personal-data/{person.pk}"), 403, "permission_denied")
    reader = machine(SuperuserFactory.create(), Scope.PRIVACY_READ)
    assert ok(reader.get(f"/personal-data/{person.pk}"))["person"] == exported["person"]
    refused(reader.delete(f"/personal-data/{person.pk}"), 403, "missing_scope")
    others = machine(SuperuserFactory.create(), *(scope for scope in Scope.values if scope != Scope.PRIVACY_READ))
    for path in (f"/personal-data/{person.pk}", f"/personal-data/{person.pk}/pdf"):
        refused(others.get(path), 403, "missing_scope")


def test_the_pdf_speaks_ukrainian(staff: Caller, person: Customer) -> None:
    Customer.objects.filter(pk=person.pk).update(name="Їжакевич Ґанна 😀\u202e")

    response: Any = staff.get(f"/personal-data/{person.pk}/pdf")

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response.content.startswith(b"%PDF-")
    assert person_pdf(export_person(customer_id=person.pk)).count(b"/ToUnicode") >= 1


def test_old_leads_emails_and_notes_are_forgotten(staff: Caller, person: Customer, settings: Any) -> None:
    settings.LEAD_RETENTION_DAYS, settings.EMAIL_RETENTION_DAYS, settings.ACTIVITY_RETENTION_DAYS = 10, 10, 0
    Email.objects.update(status="failed")

    none = {"order_mails": 0, "customers": 0}
    assert purge_old_data() == {"leads": 0, "emails": 0, "activities": 0, **none}
    later = timezone.now() + timedelta(days=11)
    assert purge_old_data(now=later) == {"leads": 1, "emails": 1, "activities": 0, **none}
    assert Lead.objects.count() == Email.objects.count() == 0
    assert Activity.objects.filter(kind="note").count() == 1
