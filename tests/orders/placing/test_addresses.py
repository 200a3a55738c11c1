"""Where an order goes, and whom its invoice names."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from catalog.models.tax import TaxRate, TaxRegion
from orders.models.invoice import Invoice
from orders.models.order import Order
from orders.models.order_event import OrderEvent
from tests.shop.goods import VariantFactory, stock_at
from tests.shop.http.admin_pages import signed_in, superuser, text_of
from tests.shop.http.api_client import Caller, ok, pointers, refused
from tests.shop.http.sent_forms import opened, save
from tests.shop.people import CustomerFactory
from users.models.customer import Customer

KYIV: dict[str, Any] = {"name": "Ada", "lines": ["Main 1"], "city": "Kyiv", "postal_code": "01001", "country": "UA"}
BERLIN: dict[str, Any] = {"lines": ["Main 2"], "city": "Berlin", "postal_code": "10117", "country": "DE"}
EMPTY = {"name": "", "company": "", "region": "", "phone": ""}


@pytest.fixture
def customer(db: None, staff: Caller) -> Customer:
    """Somebody whose goods go to Kyiv and whose invoices go to Berlin."""
    made = CustomerFactory.create()
    homes = [{"kind": "delivery", **KYIV}, {"kind": "billing", **BERLIN}, {"kind": "delivery", **BERLIN}]
    ok(staff.patch(f"/customers/{made.pk}", {"addresses": homes}))
    return made


def order_body(customer: Customer, **more: Any) -> dict[str, Any]:
    variant = VariantFactory.create(price=100)
    stock_at(variant, 5)
    return {"customer": str(customer.pk), "items": [{"variant": variant.sku, "quantity": 1}], **more}


def test_an_order_gets_the_customers_defaults_as_they_are_now(staff: Caller, customer: Customer) -> None:
    placed = ok(staff.place(order_body(customer)), 201)
    ok(staff.patch(f"/customers/{customer.pk}", {"addresses": []}))

    assert placed["delivery_address"] == {**EMPTY, **KYIV}
    assert placed["billing_address"] == {**EMPTY, **BERLIN}
    assert ok(staff.get(f"/orders/{placed['id']}")) == placed
    later = ok(staff.place(order_body(customer)), 201)
    assert (later["delivery_address"], later["billing_address"], later["metadata"]) == (None, None, {})


def test_what_is_named_counts(staff: Caller, customer: Customer) -> None:
    body = order_body(customer, delivery_address=BERLIN, metadata={"erp": "1", "none": None})

    placed = ok(staff.place(body), 201)

    assert placed["delivery_address"] == {**EMPTY, **BERLIN}
    assert placed["billing_address"] == {**EMPTY, **BERLIN}
    assert (placed["ship_to_country"], placed["metadata"]) == ("DE", {"erp": "1"})
    assert ok(staff.get(f"/orders/{placed['id']}")) == placed
    elsewhere = ok(staff.place(order_body(customer, ship_to_country="PL")), 201)
    assert elsewhere["delivery_address"] is None, "goods for Poland do not go to Kyiv"


def test_a_key_belongs_to_the_addresses_it_was_sent_with(staff: Caller, customer: Customer) -> None:
    body = order_body(customer, delivery_address=BERLIN, metadata={"b": "2", "a": "1"})

    first = ok(staff.place(body, key="one"), 201)

    assert ok(staff.place({**body, "metadata": {"a": "1", "b": "2"}}, key="one"), 200)["id"] == first["id"]
    elsewhere: dict[str, Any] = {"delivery_address": {**BERLIN, "city": "Potsdam"}}
    others: list[dict[str, Any]] = [elsewhere, {"metadata": {}}, {"billing_address": BERLIN}]
    for other in others:
        refused(staff.place({**body, **other}, key="one"), 422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"delivery_address": {**BERLIN, "postal_code": "1"}}, "/delivery_address/postal_code"),
        ({"billing_address": {**BERLIN, "city": ""}}, "/billing_address/city"),
        ({"delivery_address": BERLIN, "ship_to_country": "UA"}, "/ship_to_country"),
        ({"delivery_address": {**BERLIN, "kind": "delivery"}}, "/delivery_address/kind"),
        ({"metadata": {"n": 1}}, "/metadata/n"),
        ({"metadata": {"n" * 41: "1"}}, "/metadata/" + "n" * 41),
    ],
)
def test_a_wrong_one_is_named_and_nothing_is_placed(
    staff: Caller, customer: Customer, wrong: dict[str, Any], where: str
) -> None:
    assert pointers(refused(staff.place(order_body(customer, **wrong)), 400, "invalid")) == [where]
    assert not Order.objects.exists()


def test_a_change_is_told_of_all_that_is_wrong(staff: Caller, customer: Customer) -> None:
    order = ok(staff.place(order_body(customer)), 201)
    changes = {"delivery_address": {**BERLIN, "city": ""}, "billing_address": {**BERLIN, "postal_code": "x"}}

    problem = refused(staff.patch(f"/orders/{order['id']}", {**changes, "metadata": {"": "x"}}), 400, "invalid")

    assert pointers(problem) == ["/delivery_address/city", "/billing_address/postal_code", "/metadata/"]


def test_taxes_are_those_of_where_the_goods_go(staff: Caller, customer: Customer) -> None:
    for country, rate in (("DE", "0.19"), ("UA", "0.2")):
        region = TaxRegion.objects.create(country=country, name=country)
        TaxRate.objects.create(region=region, rate=rate, name="VAT")
    Customer.objects.filter(pk=customer.pk).update(country="PL")

    at_home = ok(staff.place(order_body(customer)), 201)
    named = ok(staff.place(order_body(customer, delivery_address=BERLIN)), 201)

    assert (at_home["tax_total"], at_home["ship_to_country"]) == ("20.00", "UA")
    assert (named["tax_total"], named["ship_to_country"]) == ("19.00", "DE")


def test_addresses_change_until_something_is_packed(staff: Caller, customer: Customer) -> None:
    placed = ok(staff.place(order_body(customer)), 201)
    path = f"/orders/{placed['id']}"
    moved = {**KYIV, "lines": ["Other 2"]}

    changed = ok(staff.patch(path, {"delivery_address": moved, "billing_address": None, "metadata": {"a": "1"}}))

    assert (changed["delivery_address"]["lines"], changed["billing_address"]) == (["Other 2"], None)
    assert (changed["metadata"], changed["version"]) == ({"a": "1"}, placed["version"] + 1)
    event = OrderEvent.objects.get(order=placed["id"], kind="updated")
    assert event.data == {"changed": ["billing_address", "delivery_address", "metadata"]}, "no word of where"
    assert ok(staff.patch(path, {"delivery_address": moved}))["version"] == changed["version"], "nothing changed"
    refused(staff.patch(path, {"delivery_address": BERLIN}), 409, "country_fixed")
    refused(staff.patch(path, {"metadata": {"b": "2"}, "version": 1}), 412, "stale_version")

    ok(staff.pay(placed))
    lines = [{"item": placed["items"][0]["id"], "quantity": 1}]
    ok(staff.post(f"{path}/shipments", {"items": lines}), 201)
    refused(staff.patch(path, {"delivery_address": {**KYIV, "lines": ["Third 3"]}}), 409, "address_fixed")
    assert ok(staff.patch(path, {"metadata": {"a": None, "b": "2"}}))["metadata"] == {"b": "2"}


def test_an_address_that_is_taken_away_opens_no_other_country(staff: Caller, customer: Customer) -> None:
    TaxRegion.objects.create(country="DE", name="DE").rates.create(rate="0.19", name="VAT")
    placed = ok(staff.place(order_body(customer)), 201)
    path = f"/orders/{placed['id']}"
    assert placed["ship_to_country"] == "", "no tax depended on where it goes"
    ok(staff.patch(path, {"delivery_address": None}))

    refused(staff.patch(path, {"delivery_address": BERLIN}), 409, "country_fixed")

    assert ok(staff.patch(path, {"delivery_address": KYIV}))["delivery_address"]["city"] == "Kyiv"
    TaxRegion.objects.create(country="UA", name="UA")
    assert ok(staff.patch(path, {"delivery_address": {**KYIV, "city": "Lviv"}}))["tax_total"] == placed["tax_total"]


def test_an_address_older_than_its_countrys_rules_does_not_hinder_the_other(staff: Caller, customer: Customer) -> None:
    placed = ok(staff.place(order_body(customer)), 201)
    old = {**EMPTY, "lines": ["Somewhere 1"], "city": "", "postal_code": "", "country": ""}
    Order.objects.filter(pk=placed["id"]).update(delivery_address=old)
    boss, url = signed_in(superuser()), f"/admin/orders/order/{placed['id']}/change_addresses/"

    saved = save(boss, url, opened(boss, url), billing_city="Potsdam")

    assert saved.status_code == 302
    changed = ok(staff.get(f"/orders/{placed['id']}"))
    assert (changed["delivery_address"], changed["billing_address"]["city"]) == (old, "Potsdam")
    where = pointers(
        refused(staff.patch(f"/orders/{placed['id']}", {"delivery_address": {**old, "city": "X"}}), 400, "invalid")
    )
    assert "/delivery_address/country" in where


def test_a_buyer_reads_the_addresses_and_staff_change_them(buyer: Caller, staff: Caller) -> None:
    placed = ok(buyer.place({**order_body(buyer.customer, delivery_address=KYIV), "customer": None}), 201)
    path = f"/orders/{placed['id']}"

    assert ok(buyer.get(path))["delivery_address"]["city"] == "Kyiv"
    refused(buyer.patch(path, {"metadata": {"a": "1"}}), 403, "permission_denied")


@pytest.mark.parametrize("wrong", [{}, [], "text", {**EMPTY, **KYIV, "lines": ["1", "2", "3", "4"]}], ids=str)
def test_the_database_takes_nothing_but_an_address(staff: Caller, customer: Customer, wrong: Any) -> None:
    placed = ok(staff.place(order_body(customer)), 201)

    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=placed["id"]).update(billing_address=wrong)


def test_staff_change_the_addresses_on_a_page_of_the_admin(staff: Caller, customer: Customer) -> None:
    placed = ok(staff.place(order_body(customer)), 201)
    boss = signed_in(superuser())
    url = f"/admin/orders/order/{placed['id']}/change_addresses/"
    shown = opened(boss, url)

    saved = save(boss, url, shown, delivery_lines="Other 2", billing_city="Potsdam")

    assert saved.status_code == 302
    changed = ok(staff.get(f"/orders/{placed['id']}"))
    assert (changed["delivery_address"]["lines"], changed["billing_address"]["city"]) == (["Other 2"], "Potsdam")
    page = text_of(boss.get(f"/admin/orders/order/{placed['id']}/change/"))
    assert "Delivery address Ada Other 2 Kyiv 01001 UKRAINE" in page
    assert save(boss, url, opened(boss, url), delivery_country="DE").status_code in {400, 409}


def test_an_invoice_names_the_billing_address_and_where_the_goods_went(staff: Caller, customer: Customer) -> None:
    placed = ok(staff.place(order_body(customer)), 201)
    ok(staff.pay(placed))

    issued = ok(staff.post(f"/orders/{placed['id']}/invoices", {}), 201)

    buyer = Invoice.objects.get(pk=issued["id"]).content["buyer"]
    assert buyer["address"] == "Main 2\n10117 Berlin\nGERMANY"
    assert buyer["delivery"] == "Ada\nMain 1\nKyiv\n01001\nUKRAINE"
    assert staff.get(f"/invoices/{issued['id']}.pdf").status_code == 200
