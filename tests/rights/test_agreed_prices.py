"""Other prices than the catalogue's, money that an edit gives back, and what hangs on an order: each asks for the right
of its own."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission

from catalog.models.price_list import Price, PriceList
from crm.models.deal import Deal
from crm.models.deal_line import DealLine
from inventory.models.level import StockLevel
from orders.models.draft import Draft, DraftLine
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.refund import Refund
from orders.services.drafts.write_draft import DraftedLine, create_draft
from orders.services.payments.confirm_payment import confirm_payment
from shared.actor import SYSTEM
from tests.shop.admin_rows import make_deal
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import page_url, signed_in, text_of
from tests.shop.http.api_client import Caller, login, machine, ok, refused
from tests.shop.orders import order_of
from tests.shop.people import CustomerFactory, StaffFactory, SuperuserFactory, make_buyer
from users.models.api_key import Scope
from users.models.user import User

PLACING = (Scope.CRM_WRITE, Scope.ORDERS_WRITE)


@pytest.fixture
def level(db: None) -> StockLevel:
    """Nine units at 10.00."""
    return make_level(on_hand=9, price="10.00")


def deal_at(level: StockLevel, price: str) -> Deal:
    deal = make_deal(make_buyer())
    DealLine.objects.create(deal=deal, variant_id=level.variant_id, quantity=1, unit_price=Decimal(price))
    return deal


def draft_at(level: StockLevel, price: str | None) -> Draft:
    line = DraftedLine(level.variant_id, 1, agreed_price=None if price is None else Decimal(price))
    return create_draft(customer_id=CustomerFactory.create().pk, currency="USD", actor=SYSTEM, lines=[line])


def key(*scopes: str) -> Caller:
    return machine(SuperuserFactory.create(), *scopes)


def colleague(role: str, *, without: str = "") -> User:
    user = StaffFactory.create()
    group = Group.objects.get(name=role)
    group.permissions.remove(*Permission.objects.filter(codename=without))
    user.groups.add(group)
    return user


def test_a_deal_at_the_catalogues_prices_is_ordered_with_both_scopes(level: StockLevel) -> None:
    deal = deal_at(level, "10.00")

    for lacking in ((Scope.CRM_WRITE,), (Scope.ORDERS_WRITE,)):
        refused(key(*lacking).post(f"/deals/{deal.pk}/order", None), 403, "missing_scope")
    ok(key(*PLACING).post(f"/deals/{deal.pk}/order", None), 201)


def test_goods_of_300_are_not_ordered_for_3_cents(level: StockLevel) -> None:
    deal = deal_at(level, "0.01")

    problem = refused(key(*PLACING).post(f"/deals/{deal.pk}/order", None), 403, "agreed_prices_not_allowed")

    assert problem["variants"] == [str(level.variant_id)]
    assert not Order.objects.exists()
    ok(key(*PLACING, Scope.PRICES_WRITE).post(f"/deals/{deal.pk}/order", None), 201)
    assert Order.objects.get().subtotal == Decimal("0.01")


def test_what_the_customer_pays_by_a_price_list_is_no_agreed_price(level: StockLevel) -> None:
    prices = PriceList.objects.create(name="Everybody", currency="USD")
    Price.objects.create(price_list=prices, variant_id=level.variant_id, amount=Decimal("8.00"))

    ok(key(*PLACING).post(f"/deals/{deal_at(level, '8.00').pk}/order", None), 201)
    refused(key(*PLACING).post(f"/deals/{deal_at(level, '7.99').pk}/order", None), 403, "agreed_prices_not_allowed")


def test_a_role_without_the_right_orders_no_deal_at_other_prices(level: StockLevel) -> None:
    user = colleague("sales", without="agree_prices")
    deal = deal_at(level, "0.01")
    Deal.objects.update(owner=user)

    refused(login(user).post(f"/deals/{deal.pk}/order", None), 403, "agreed_prices_not_allowed")
    page = signed_in(user).post(page_url(deal, "place_order"))

    assert "need the right to agree prices" in text_of(page)
    assert not Order.objects.exists()


def test_a_price_is_agreed_in_a_draft_by_who_may(level: StockLevel) -> None:
    line = {"variant": str(level.variant_id), "quantity": 1}
    body: dict[str, Any] = {"customer": str(CustomerFactory.create().pk), "lines": [{**line, "agreed_price": "0.01"}]}
    user = colleague("sales", without="agree_prices")

    refused(key(Scope.ORDERS_WRITE).post("/drafts", body), 403, "missing_scope")
    refused(login(user).post("/drafts", body), 403, "permission_denied")
    made = ok(key(Scope.ORDERS_WRITE).post("/drafts", {**body, "lines": [line]}), 201)
    refused(key(Scope.ORDERS_WRITE).patch(f"/drafts/{made['id']}", {"lines": body["lines"]}), 403, "missing_scope")

    ok(key(Scope.ORDERS_WRITE, Scope.PRICES_WRITE).post("/drafts", body), 201)


def test_a_draft_with_an_agreed_price_is_ordered_by_who_may_agree_it(level: StockLevel) -> None:
    cheap, plain = draft_at(level, "0.01"), draft_at(level, None)
    user = colleague("sales", without="agree_prices")

    refused(key(Scope.ORDERS_WRITE).post(f"/drafts/{cheap.pk}/order", {}), 403, "agreed_prices_not_allowed")
    page = signed_in(user).post(page_url(cheap, "make_order"), {"version": cheap.version})

    assert "need the right to agree prices" in text_of(page)
    ok(key(Scope.ORDERS_WRITE).post(f"/drafts/{plain.pk}/order", {}), 201)
    ok(key(Scope.ORDERS_WRITE, Scope.PRICES_WRITE).post(f"/drafts/{cheap.pk}/order", {}), 201)


def test_a_drafts_page_takes_no_price_from_who_may_not_agree_one(level: StockLevel) -> None:
    draft = draft_at(level, "9.00")
    line = DraftLine.objects.get(draft=draft)
    form = {
        "customer": str(draft.customer_id),
        "note": "",
        "version": draft.version,
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "1",
        "lines-0-id": str(line.pk),
        "lines-0-draft": str(draft.pk),
        "lines-0-variant": str(level.variant_id),
        "lines-0-quantity": "2",
        "lines-0-agreed_price": "0.01",
    }

    answer = signed_in(colleague("sales", without="agree_prices")).post(page_url(draft), form)

    assert answer.status_code == 302, text_of(answer)
    line.refresh_from_db()
    assert (line.quantity, line.agreed_price) == (2, Decimal("9.00"))


def test_an_edit_that_gives_money_back_is_a_refund(level: StockLevel) -> None:
    order = order_of(make_buyer(), (level, 3))
    confirm_payment(order_id=order.pk, actor=SYSTEM)
    lines = {"lines": [{"item": str(OrderItem.objects.get(order=order).pk), "quantity": 1}], "reason": "two less"}
    path, sales = f"/orders/{order.pk}/items", colleague("sales")

    refused(key(Scope.ORDERS_WRITE).patch(path, lines), 403, "refund_not_allowed")
    refused(login(sales).patch(path, lines), 403, "refund_not_allowed")
    assert not Refund.objects.exists()

    ok(key(Scope.ORDERS_WRITE, Scope.PAYMENTS_WRITE).patch(path, lines))
    assert Refund.objects.count() == 1


def test_an_order_shows_a_role_what_it_may_see_of_it(level: StockLevel) -> None:
    order = order_of(make_buyer(), (level, 1))
    confirm_payment(order_id=order.pk, actor=SYSTEM, reference="IBAN 4711")

    packer = ok(login(colleague("warehouse")).get(f"/orders/{order.pk}"))
    clerk = ok(login(colleague("finance")).get(f"/orders/{order.pk}"))

    assert (packer["payments"], packer["disputes"], packer["adjustments"]) == ([], [], [])
    assert len(packer["reservations"]) == len(packer["events"]) - 1 == 1
    assert [payment["reference"] for payment in clerk["payments"]] == ["IBAN 4711"]
