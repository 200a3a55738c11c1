"""Goods that lie on the counter: the return, the shelf and the money at once, on one page, and once."""

from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from inventory.models.level import StockLevel
from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.order_item import OrderItem
from orders.models.order_return import Return
from orders.models.refund import Refund
from orders.refunds.plans import TooManyUnits
from orders.refunds.return_worth import RefundTerms
from orders.services.orders.advance_order import advance_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.returns.take_goods_back import take_goods_back
from orders.states import OrderStatus
from shared.actor import SYSTEM
from shared.errors import InvalidInput
from tests.shop.database.races import run_together
from tests.shop.database.traces import nothing_changes
from tests.shop.goods import balances, make_level, make_location, make_seller, make_variant, stock_at
from tests.shop.http.admin_pages import hidden, page_url, signed_in, superuser, text_of
from tests.shop.http.order_actions import audit_is_clean
from tests.shop.orders import order_of
from tests.shop.people import StaffFactory, make_buyer

CONFIRMED = {"_confirmed": "1"}


@pytest.fixture
def level(db: None) -> StockLevel:
    return make_level(on_hand=5, tax_rate="0")


@pytest.fixture
def order(level: StockLevel) -> Order:
    """3 x 10.00, paid and delivered."""
    return delivered(level, 3)


def delivered(level: StockLevel, units: int, *others: tuple[StockLevel, int]) -> Order:
    placed = order_of(make_buyer(), (level, units), *others)
    confirm_payment(order_id=placed.pk, actor=SYSTEM)
    for status in (OrderStatus.PROCESSING, OrderStatus.SHIPPED, OrderStatus.DELIVERED):
        for part in placed.sub_orders.all() or [placed]:
            advance_order(order_id=part.pk, status=status, actor=SYSTEM)
    return placed


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def form_of(client: Client, order: Order, **fields: Any) -> dict[str, Any]:
    """As the page is filled in: 2 come back, 1 of them broken."""
    item, page = OrderItem.objects.get(order=order), client.get(page_url(order, "take_back"))
    boxes = {"is_here": "on", "refund": "on", "version": hidden(page, "version")}
    return {f"quantity-{item.pk}": "2", f"broken-{item.pk}": "1", "reason": "too small", **boxes, **fields}


def test_one_page_and_one_confirmation_take_goods_back(boss: Client, order: Order, level: StockLevel) -> None:
    url, form = page_url(order, "take_back"), form_of(boss, order, restocking_fee="2.50")

    assert boss.post(url, {**form, "_live": "1"}).json()["text"].endswith("Goes back to the customer: 17.50 USD")
    asked = boss.post(url, form)
    assert f"For sale again: {level.variant.sku} 1 Goes to The shelf it was sold from" in text_of(asked)
    assert "17.50 USD" in text_of(asked)
    assert not Return.objects.exists()
    done = boss.post(url, {**form, **CONFIRMED}, follow=True)

    made, given = Return.objects.get(), Refund.objects.get()
    assert done.redirect_chain == [(page_url(order), 302)]
    assert f"Return {made.number} is received, and 17.50 USD go back." in text_of(done)
    assert (made.status, given.amount, given.order_return_id) == ("REFUNDED", Decimal("17.50"), made.pk)
    assert balances(level.pk) == (3, 0)
    steps = OrderEvent.objects.filter(order=order, kind="return").order_by("created_at", "id")
    assert [event.data["return_status"] for event in steps] == ["REQUESTED", "APPROVED", "RECEIVED", "REFUNDED"]
    audit_is_clean()


def test_two_tabs_take_goods_back_once(boss: Client, order: Order, level: StockLevel) -> None:
    url, form = page_url(order, "take_back"), form_of(boss, order)
    boss.post(url, {**form, **CONFIRMED})

    with nothing_changes():
        for item in OrderItem.objects.filter(order=order):
            more = boss.post(url, {**form, **CONFIRMED})
            stale = boss.post(url, {**form, f"quantity-{item.pk}": "1", **CONFIRMED})

    assert "less than or equal to 1" in text_of(more)
    assert stale.status_code == 412
    assert (Return.objects.count(), Refund.objects.count(), balances(level.pk)) == (1, 1, (3, 0))


def test_goods_go_to_another_location_and_the_money_waits(boss: Client, order: Order, level: StockLevel) -> None:
    counter = make_location("Counter")
    url, form = page_url(order, "take_back"), form_of(boss, order, location=str(counter.pk), refund="")

    assert "Nothing yet" in text_of(boss.post(url, form))
    boss.post(url, {**form, **CONFIRMED})

    there = StockLevel.objects.get(location=counter, variant=level.variant)
    assert (balances(there.pk), balances(level.pk)) == ((1, 0), (2, 0))
    assert (Return.objects.get().status, Refund.objects.exists()) == ("RECEIVED", False)
    audit_is_clean()


def test_what_cannot_be_is_said_before_it_is_confirmed(boss: Client, order: Order) -> None:
    url, item = page_url(order, "take_back"), OrderItem.objects.get(order=order)
    form = form_of(boss, order)

    with nothing_changes():
        none = boss.post(url, {**form, f"quantity-{item.pk}": "", f"broken-{item.pk}": ""})
        broken = boss.post(url, {**form, f"broken-{item.pk}": "3"})

    assert "Name what comes back." in text_of(none)
    assert "More is not for sale again than comes back." in text_of(broken)


def test_who_may_not_give_money_back_asks_for_the_return(order: Order) -> None:
    clerk = StaffFactory.create()
    clerk.user_permissions.set(
        Permission.objects.filter(codename__in=["view_order", "add_return", "view_return", "view_customer"])
    )
    client = signed_in(clerk)
    form = form_of(client, order)

    shown = client.get(page_url(order, "take_back")).content.decode()
    client.post(page_url(order, "take_back"), {**form, **CONFIRMED})

    assert 'name="is_here"' not in shown
    assert (Return.objects.get().status, Refund.objects.exists()) == ("REQUESTED", False)


def test_a_split_orders_page_takes_back_the_goods_of_one_seller_at_a_time(boss: Client, level: StockLevel) -> None:
    north = stock_at(make_variant(price="7.00"), 5, make_seller("North", priority=200))
    split = delivered(level, 2, (north, 1))
    ours, theirs = OrderItem.objects.filter(order__parent=split).order_by("-unit_price")
    url = page_url(split, "take_back")
    form = {"reason": "r", "is_here": "on", "refund": "on", "version": hidden(boss.get(url), "version")}
    both = {**form, f"quantity-{ours.pk}": "1", f"quantity-{theirs.pk}": "1"}

    with nothing_changes():
        assert "Goods of several sellers come back separately." in text_of(boss.post(url, both))
        assert boss.post(url, {**both, **CONFIRMED}).status_code == 400
        foreign = {**form, f"quantity-{ours.pk}": "1", "location": str(north.location_id), **CONFIRMED}
        assert boss.post(url, foreign).status_code == 400
    boss.post(url, {**form, f"quantity-{theirs.pk}": "1", "location": str(north.location_id), **CONFIRMED})

    assert (Return.objects.get().order, Refund.objects.get().amount) == (theirs.order, Decimal(7))
    assert (balances(north.pk), balances(level.pk)) == ((5, 0), (3, 0))
    audit_is_clean()


def test_none_of_a_line_is_no_return(order: Order) -> None:
    item = OrderItem.objects.get(order=order)

    with nothing_changes(), pytest.raises(InvalidInput):
        take_goods_back(order_id=order.pk, units={item.pk: (0, 0)}, reason="r", actor=SYSTEM)


@pytest.mark.usefixtures("audited_shop")
def test_eight_take_the_same_goods_back_and_one_does() -> None:
    level = make_level(on_hand=5, tax_rate="0")
    order = delivered(level, 3)
    units = {OrderItem.objects.get(order=order).pk: (2, 2)}
    take = partial(take_goods_back, order_id=order.pk, units=units, reason="r", actor=SYSTEM, refund=RefundTerms())

    answers = run_together(*[take] * 8)

    assert sum(isinstance(answer, TooManyUnits) for answer in answers) == 7
    assert (Refund.objects.get().amount, balances(level.pk)) == (Decimal(20), (4, 0))
