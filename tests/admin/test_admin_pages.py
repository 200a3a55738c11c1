"""Every page of the admin opens, and costs no more the more rows there are."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.models.variant import Variant
from crm.admin.customers.admin import CustomerWithPageAdmin
from crm.models.customer_merge import CustomerMerge
from crm.models.duplicate_pair import DuplicatePair
from crm.models.email import Email
from crm.models.order_mail import OrderMail, OrderMailTemplate
from crm.models.pipeline import Stage
from events.models.event import Event
from exchange.models.data_export import Export
from inventory.models.level import StockLevel
from inventory.models.movement import StockMovement
from orders.models.backorder import Backorder
from orders.models.dispute import Dispute
from orders.models.invoice import Invoice
from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.order_return import Return
from orders.models.payment import Payment
from orders.models.refund import Refund
from orders.models.reservation import Reservation
from orders.models.shipment import Shipment
from payments.models.intent_operation import IntentOperation
from payments.models.payment_intent import PaymentIntent
from payments.models.webhook_event import WebhookEvent
from shared.models.record_change import RecordChange
from tests.shop.admin_rows import make_one_of_each
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import (
    add_url,
    list_url,
    page_url,
    registered,
    signed_in,
    statements,
    superuser,
    text_of,
)
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from users.models.customer import Customer
from webhooks.models.delivery import Delivery

# An order's page, with all that can hang on one, and the dashboard's with all that a superuser may see; three of them
# are the sidebar's counts of low stock, open disputes and endpoints that are disabled, which are kept for a while
# outside these tests.
MOST_STATEMENTS = 32  # one reads the shop, whose name is on each page
# Written by services alone; a stage is added on its pipeline's page.
NEVER_ADDED: tuple[type[Model], ...] = (Reservation, Payment, OrderEvent, StockMovement, Stage, ProcrastinateJob)
NEVER_ADDED += (Backorder, CustomerMerge, DuplicatePair, Email, Export, RecordChange)
NEVER_ADDED += (OrderMail, OrderMailTemplate)
NEVER_ADDED += (Dispute, Invoice, Refund, Return, Shipment, IntentOperation, PaymentIntent, WebhookEvent)
NEVER_ADDED += (Delivery, Event)


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def test_lists_take_the_same_statements_for_many_rows_as_for_few(boss: Client) -> None:
    for name in ("a1", "a2", "a3"):
        make_one_of_each(name)
    few = {model: len(statements(boss, list_url(model))) for model in registered()}

    for number in range(5):  # a statement for each row would be five more
        make_one_of_each(f"b{number}")

    many = {model: len(statements(boss, list_url(model))) for model in registered()}
    assert many == few
    assert max(many.values()) <= 13  # three are the sidebar's, which a server keeps for a while; one reads the shop


def test_forms_and_rows_open(boss: Client) -> None:
    make_one_of_each("a1")
    ContentType.objects.get_for_models(*registered())  # a running server remembers them

    faults = [f"{model._meta.label}: {fault}" for model in registered() for fault in faults_of_pages(boss, model)]
    assert not faults, "\n".join(faults)


def faults_of_pages(boss: Client, model: type[Model]) -> Iterator[str]:
    """What is wrong with the form that adds a row, and with the first row's page."""
    added = boss.get(add_url(model))
    if added.status_code != (403 if model in NEVER_ADDED else 200):
        yield f"its form answers {added.status_code}"
    if b"DatabaseDefault" in added.content:
        yield "its form shows a column that only the database fills in"

    row = model._default_manager.order_by("pk").first()
    if row is not None and (sent := len(statements(boss, page_url(row)))) > MOST_STATEMENTS:
        yield f"its page takes {sent} statements, not at most {MOST_STATEMENTS}"


def test_pages_of_rows_take_the_same_statements_however_much_hangs_on_them(boss: Client) -> None:
    buyer = make_buyer()
    levels = [make_level(on_hand=10) for _ in range(12)]
    short, long = order_of(buyer, (levels[0], 1)), order_of(buyer, *((level, 1) for level in levels))
    customer = page_url(buyer.customer, "page")
    few = len(statements(boss, customer))

    for _ in range(6):
        order_of(buyer, (levels[0], 1))

    boss.get(page_url(short))  # from here on the process remembers the content types
    assert len(statements(boss, page_url(long))) == len(statements(boss, page_url(short)))
    assert len(statements(boss, customer)) == few <= 15
    assert len(statements(boss, "/admin/")) <= MOST_STATEMENTS


@pytest.mark.parametrize("model", registered(), ids=lambda model: model._meta.label)
def test_no_list_counts_a_whole_table(boss: Client, model: type[Model]) -> None:
    model_admin: Any = admin.site._registry[model]

    counts = [sql for sql in statements(boss, list_url(model)) if "COUNT(" in sql]

    assert model_admin.date_hierarchy is None
    assert model_admin.show_facets is admin.ShowFacets.NEVER
    assert any(f"LIMIT {model_admin.max_counted + 1}" in sql for sql in counts)
    assert [sql for sql in counts if "LIMIT" not in sql] == []


class ShortCustomerAdmin(CustomerWithPageAdmin):
    max_counted = 3


def test_long_lists_say_that_there_are_more(boss: Client) -> None:
    for _ in range(5):
        make_buyer()

    request = boss.get(list_url(Customer)).wsgi_request
    answer: Any = ShortCustomerAdmin(Customer, admin.site).changelist_view(request)
    page = text_of(answer.render())

    assert "3+ customers" in page
    assert "search or filter to reach those further back" in page


@pytest.mark.parametrize("model", registered(), ids=lambda model: model._meta.label)
def test_lists_without_a_search_box_overlook_a_term(boss: Client, model: type[Model]) -> None:
    assert boss.get(list_url(model), {"q": "anything"}).status_code == 200


@pytest.mark.parametrize("model", registered(), ids=lambda model: model._meta.label)
def test_empty_lists_say_what_to_do(boss: Client, model: type[Model]) -> None:
    response = boss.get(list_url(model))

    if not model._default_manager.exists():
        model_admin: Any = admin.site._registry[model]
        help_text = str(model_admin.empty_help)
        assert help_text in text_of(response)
        assert help_text


def test_searches_find_what_begins_with_the_term(boss: Client) -> None:
    buyer = make_buyer()
    level = make_level(on_hand=5)
    order = order_of(buyer, (level, 1))
    other = order_of(make_buyer(), (make_level(on_hand=5), 1))
    sku = Variant.objects.get(pk=level.variant_id).sku

    def found(model: type[Model], term: str) -> str:
        return text_of(boss.get(list_url(model), {"q": term}))

    assert "1 order " in found(Order, order.number)
    assert other.number not in found(Order, order.number)
    assert order.number in found(Order, buyer.customer.email[:-3].upper())
    assert "1 stock level" in found(StockLevel, sku.lower())
    assert buyer.customer.email in found(Customer, buyer.customer.name.lower())
    assert "Nothing matches" in found(Customer, "nobody")
    assert "Nothing matches" in found(Customer, buyer.customer.name[2:])


def test_a_search_that_no_text_can_hold_finds_nothing(boss: Client) -> None:
    wanted = {"app_label": "orders", "model_name": "order", "field_name": "customer", "term": "a\0b"}

    answer = boss.get("/admin/autocomplete/", wanted)

    assert answer.json()["results"] == []
    assert boss.get(list_url(Customer), {"q": "a\0b"}).status_code == 200
