"""Removing the demo shop takes what is as it was loaded and what nothing of one's own leans on; the rest stays."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from decimal import Decimal
from importlib import import_module
from io import StringIO
from threading import Event
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from catalog.models.product import Product
from catalog.models.tax import TaxRate, TaxRegion
from catalog.models.variant import Variant
from crm.demo.removal.remove import remove_demo_shop
from crm.models.activity import Activity
from crm.models.deal import Deal
from crm.models.demo_row import DemoRow
from crm.models.lead import Lead
from crm.models.task import Task
from crm.services.deals.open_deal import open_deal
from events.services.sequence_events import sequence_events
from orders.models.invoice import Invoice
from orders.models.order import Order
from orders.models.shipping_method import ShippingMethod
from orders.placing.requested_lines import PlaceOrder, PlaceOrderLine
from orders.services.invoices.issue_invoice import issue_invoice
from orders.services.orders.place_order import place_order
from orders.services.upkeep.audit_books import audit_books
from payments.models.payment_intent import PaymentIntent
from shared.actor import SYSTEM, Actor
from shared.clock import database_now
from shared.database.transactions import one_transaction
from shared.models.record_change import RecordChange
from tests.shop.deal_lines import add_line
from tests.shop.demo_rows import small_demo
from tests.shop.goods import make_level, make_variant
from tests.shop.http.admin_pages import signed_in, superuser, text_of
from tests.shop.order_actions import pay
from tests.shop.orders import order_of
from tests.shop.people import StaffFactory, make_buyer
from users.models.api_key import ApiKey
from users.models.company import Company
from users.models.customer import Customer
from users.models.user import User

pytestmark = pytest.mark.django_db(transaction=True)


def _run(*arguments: str) -> str:
    out = StringIO()
    call_command("remove_demo_shop", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def _ids(model: type[Model]) -> set[UUID]:
    return set(model._default_manager.values_list("pk", flat=True))


def _check_books() -> None:
    sequence_events()
    assert [(finding.check.name, finding.rows[:3]) for finding in audit_books() if finding.count] == []


def _preview(client: Client, **values: str) -> str:
    return text_of(client.post(reverse("admin:demo_shop"), values))


def test_what_was_changed_stays_with_its_parts_and_on_offer() -> None:
    demo = small_demo()
    TaxRate.objects.filter(region=demo.germany).update(rate=Decimal("0.16"))  # by no colleague: as an import does
    Product.objects.filter(pk=demo.level.variant.product_id).update(name="My own mug")
    Variant.objects.filter(pk=demo.lamp.variant_id).update(price=Decimal(12))

    _run("--yes")

    assert _ids(TaxRegion) == {demo.germany.pk}
    assert _ids(Variant) == {demo.level.variant_id, demo.cup.pk, demo.lamp.variant_id}
    assert not Variant.objects.filter(is_active=False).exists()
    assert not Product.objects.filter(is_active=False).exists()
    assert set(DemoRow.objects.filter(state="kept").values_list("kept_for", flat=True)) == {"changed", "variant"}
    _check_books()

    _run("--yes", "--with-trials")

    assert (_ids(Variant), _ids(TaxRegion)) == (set(), set())


def test_what_ones_own_leans_on_stays() -> None:
    demo, colleague = small_demo(), StaffFactory.create()
    mine = make_variant("MINE")
    Variant.objects.filter(pk=mine.pk).update(product=demo.lamp.variant.product)
    own, buyer = make_level(on_hand=5), make_buyer()
    lines = (PlaceOrderLine(variant=str(own.variant_id), quantity=1),)
    asked = PlaceOrder(customer_id=buyer.customer.pk, lines=lines, ship_to_country="DE", shipping_method="post")
    place_order(request=asked, actor=buyer.actor)
    Activity.objects.create(lead=demo.lead, author=colleague, text="Wants a lamp after all")
    Activity.objects.create(customer=demo.buyer.customer, author=demo.idle, text="Of the demo shop's own people")
    Activity.objects.create(customer=demo.buyer.customer, kind="email", text="Of Kontor itself: your order is waiting")
    ApiKey.objects.create(name="Till", owner=demo.seller, prefix="k", secret_hash="h", scopes=[])

    preview = _preview(signed_in(superuser()))
    _run("--yes")

    assert "1 stays: used by activities that stay" in preview
    assert "nobody can sign in with them any more" in preview
    assert _ids(Variant) == {mine.pk, own.variant_id}
    assert Product.objects.get(pk=demo.lamp.variant.product_id).is_active, "what is one's own is still for sale"
    assert (_ids(TaxRegion), _ids(ShippingMethod)) == ({demo.germany.pk}, {demo.post.pk})
    assert _ids(Lead) == {demo.lead.pk}
    assert _ids(Customer) == {buyer.customer.pk}
    assert User.objects.get(pk=demo.seller.pk).is_active, "its key goes on working"
    assert not User.objects.filter(pk__in=[demo.buyer.actor.user_id, demo.idle.pk]).exists()
    _check_books()


def test_whoever_removes_it_stays_signed_in_even_with_trials() -> None:
    demo = small_demo()

    remove_demo_shop(with_trials=True, actor=Actor(demo.seller.pk, demo.seller.pk, "demo"))

    assert list(User.objects.values_list("pk", "is_active")) == [(demo.seller.pk, True)]


def test_a_changed_login_stays_and_can_sign_in() -> None:
    demo = small_demo()
    demo.seller.set_password("my own words now")
    demo.seller.save()

    _run("--yes")

    assert list(User.objects.values_list("pk", "is_active")) == [(demo.seller.pk, True)]


def test_where_the_history_is_gone_nobody_guesses() -> None:
    demo = small_demo()
    RecordChange.objects.all().delete()

    assert "its history is no longer kept" in _preview(signed_in(superuser()))
    _run("--yes")

    assert {demo.germany.pk, demo.france.pk} == _ids(TaxRegion)
    assert demo.buyer.customer.pk in _ids(Customer)


def test_what_money_was_paid_for_and_deals_with_own_goods_stay_even_with_trials() -> None:
    demo = small_demo(orders=3)
    own, buyer = make_level(on_hand=5), make_buyer()
    paid = order_of(buyer, (demo.level, 1))
    pay(paid)()
    under_way, given_up, played = demo.orders
    _intent(under_way, "created")
    _intent(given_up, "voided")
    pay(played)()  # by a customer who was made up
    deal = open_deal(title="Lamps", customer_id=buyer.customer.pk, actor=SYSTEM)
    add_line(deal, own.variant_id)
    add_line(deal, demo.lamp.variant_id)

    _run("--yes", "--with-trials")

    assert _ids(Order) == {paid.pk, under_way.pk}
    assert Deal.objects.get().lines.count() == 2
    assert Variant.objects.get(pk=demo.lamp.variant_id).is_active, "what a deal is about is still for sale"
    _check_books()


def _intent(order: Order, status: str) -> None:
    """At a real provider, which has not answered yet."""
    now = database_now()
    PaymentIntent.objects.create(
        order=order,
        provider="stripe",
        amount=order.total,
        currency="USD",
        status=status,
        created_at=now,
        updated_at=now,
    )


def test_orders_with_invoices_stay_together_where_ones_own_are_numbered_after_them() -> None:
    demo = small_demo(orders=3)
    own = order_of(make_buyer(), (make_level(on_hand=5), 1))
    for order in (demo.orders[0], demo.orders[1], own):
        pay(order)()
        issue_invoice(order_id=order.pk, actor=SYSTEM)

    _run("--yes")

    assert _ids(Order) == {demo.orders[0].pk, demo.orders[1].pk, own.pk}
    assert Invoice.objects.count() == 3
    assert set(DemoRow.objects.filter(table="orders_order", state="kept").values_list("kept_for")) == {("invoice",)}
    _check_books()


def test_what_somebody_does_meanwhile_keeps_all_that_it_leads_to() -> None:
    demo = small_demo(orders=1)

    def call_back(stage: str) -> None:
        if stage.startswith("orders"):
            Task.objects.create(title="Call back", customer=demo.buyer.customer)

    remove_demo_shop(with_trials=False, actor=SYSTEM, say=call_back)

    assert Customer.objects.get().company == demo.company == Company.objects.get()
    assert not Order.objects.exists()


def test_an_order_that_was_being_placed_stays_with_its_goods() -> None:
    demo, buyer = small_demo(), make_buyer()
    is_placed, may_commit = Event(), Event()

    def place() -> None:
        with closing(connection), one_transaction():
            order_of(buyer, (demo.level, 2))
            is_placed.set()
            may_commit.wait(30)

    with ThreadPoolExecutor(1) as pool:
        placing = pool.submit(place)
        is_placed.wait(30)

        def commit(stage: str) -> None:
            """The plan is made and knows nothing of it."""
            if stage.startswith("leads"):
                may_commit.set()
                placing.result(30)

        remove_demo_shop(with_trials=False, actor=SYSTEM, say=commit)

    assert Order.objects.get().customer == buyer.customer
    assert _ids(Variant) == {demo.level.variant_id}
    assert DemoRow.objects.get(table="catalog_variant", state="kept").kept_for == "order"
    assert not Variant.objects.get().is_active
    _check_books()


def test_a_removal_that_was_stopped_says_so_and_goes_on() -> None:
    small_demo(orders=1)
    client, url = signed_in(superuser()), reverse("admin:demo_shop")

    def interrupt(stage: str) -> None:
        if stage.startswith("orders"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        remove_demo_shop(with_trials=False, actor=SYSTEM, say=interrupt)
    stopped = text_of(client.get(url))
    _run("--yes")

    assert "The removal stopped before its end" in stopped
    assert (_ids(Order), _ids(Variant)) == (set(), set())
    assert "nothing of it is left" in text_of(client.get(url, follow=True))


def test_a_demo_shop_that_was_loaded_before_there_was_a_list_goes() -> None:
    demo = small_demo(source="command load_demo_shop", is_listed=False)
    Variant.objects.filter(pk=demo.lamp.variant_id).update(name="Mine")

    with connection.cursor() as cursor:
        cursor.execute(import_module("crm.migrations.0013_rows_of_demo_shops_loaded_before").MARK)
    _run("--yes")

    assert _ids(Variant) == {demo.lamp.variant_id}
    assert not Customer.objects.exists()
