"""The page that takes goods back says before anything is confirmed what will be done, and why something cannot be."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from inventory.models.level import StockLevel
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.order_return import Return
from orders.models.refund import Refund
from tests.orders.refunds.test_taking_goods_back import CONFIRMED, boss, delivered, form_of, level  # noqa: F401
from tests.shop.database.traces import nothing_changes
from tests.shop.goods import balances, make_seller, make_variant, stock_at
from tests.shop.http.admin_pages import hidden, page_url, signed_in, text_of
from tests.shop.http.order_actions import audit_is_clean
from tests.shop.people import StaffFactory


@pytest.fixture
def order(level: StockLevel) -> Order:  # noqa: F811
    """3 x 10.00, paid and delivered."""
    return delivered(level, 3)


def button_of(answer: Any) -> str:
    """What the page's own button says."""
    page: str = answer.content.decode()
    return page.split('class="k-button k-primary">')[1].split("<", maxsplit=1)[0]


def test_the_only_unit_there_is_comes_back_whole(boss: Client, level: StockLevel) -> None:  # noqa: F811
    order = delivered(level, 1)
    url, item = page_url(order, "take_back"), OrderItem.objects.get(order=order)

    shown = boss.get(url)
    form = {name: hidden(shown, name) for name in (f"quantity-{item.pk}", f"broken-{item.pk}", "version")}
    boss.post(url, {**form, "is_here": "on", "refund": "on", "reason": "unworn", **CONFIRMED})

    assert (form[f"quantity-{item.pk}"], form[f"broken-{item.pk}"]) == ("1", "0")
    assert balances(level.pk) == (5, 0)
    audit_is_clean()


def test_the_button_says_what_it_will_do(boss: Client, order: Order) -> None:  # noqa: F811
    clerk = StaffFactory.create()
    clerk.user_permissions.set(
        Permission.objects.filter(codename__in=["view_order", "add_return", "view_return", "view_customer"])
    )
    url, form = page_url(order, "take_back"), form_of(boss, order)

    assert button_of(signed_in(clerk).get(url)) == "Ask for the return"
    assert button_of(boss.get(url)) == "Continue"
    assert button_of(boss.post(url, form)) == "Take the goods back"
    assert button_of(boss.post(url, {**form, "is_here": ""})) == "Ask for the return"


def test_what_is_only_announced_is_shown_first(boss: Client, order: Order, level: StockLevel) -> None:  # noqa: F811
    url, form = page_url(order, "take_back"), form_of(boss, order, is_here="")

    with nothing_changes():
        asked = boss.post(url, form)
    item = OrderItem.objects.get(order=order)
    names = ("reason", "is_here", "version", f"quantity-{item.pk}", "_confirmed")
    boss.post(url, {name: hidden(asked, name) for name in names})

    assert f"Still to come: {level.variant.sku} 2" in text_of(asked)
    assert "Nothing yet" in text_of(asked)
    assert (Return.objects.get().status, Refund.objects.exists(), balances(level.pk)) == ("REQUESTED", False, (2, 0))


HIDDEN = [
    {"refund": "", "restocking_fee": "-1"},
    {"is_here": "", "restocking_fee": "much"},
    {"is_here": "", "location": "nowhere"},
]


@pytest.mark.parametrize("fields", HIDDEN)
def test_a_fault_in_a_field_that_is_not_asked_for_refuses_nothing(
    boss: Client,  # noqa: F811
    order: Order,
    fields: dict[str, str],
) -> None:
    url, form = page_url(order, "take_back"), form_of(boss, order, **fields)

    assert "Please confirm" in text_of(boss.post(url, form))
    boss.post(url, {**form, **CONFIRMED})

    assert Return.objects.get().status == ("REQUESTED" if "is_here" in fields else "RECEIVED")
    assert not Refund.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [("restocking_fee", "-1", "greater than or equal to 0"), ("location", "x", "valid choice")],
)
def test_a_fault_in_a_field_that_is_asked_for_is_named(
    boss: Client,  # noqa: F811
    order: Order,
    field: str,
    value: str,
    why: str,
) -> None:
    url, form = page_url(order, "take_back"), form_of(boss, order, **{field: value})

    with nothing_changes():
        answer = boss.post(url, {**form, **CONFIRMED})

    assert why in text_of(answer)


@pytest.mark.parametrize("fee", ["20.00", "20.50"])
def test_a_fee_that_leaves_nothing_is_named_as_the_reason(boss: Client, order: Order, fee: str) -> None:  # noqa: F811
    url, form = page_url(order, "take_back"), form_of(boss, order, restocking_fee=fee)

    with nothing_changes():
        asked, refused = boss.post(url, form), boss.post(url, {**form, **CONFIRMED})

    for answer in (asked, refused):
        assert "The fee leaves nothing to give back of 20.00 USD." in text_of(answer)
        assert "30.00 USD" not in text_of(answer)
    assert refused.status_code == 409


def test_what_the_service_will_refuse_is_said_before(boss: Client, level: StockLevel) -> None:  # noqa: F811
    north = stock_at(make_variant(price="7.00"), 5, make_seller("North", priority=200))
    split = delivered(level, 2, (north, 1))
    ours = OrderItem.objects.filter(order__parent=split).order_by("-unit_price")[0]
    url = page_url(split, "take_back")
    form = {"reason": "r", "is_here": "on", "refund": "on", "version": hidden(boss.get(url), "version")}
    form |= {f"quantity-{ours.pk}": "1"}

    with nothing_changes():
        elsewhere = boss.post(url, {**form, "location": str(north.location_id)})
        odd = boss.post(url, {**form, "restocking_fee": "1.005"})

    assert "Not possible The seller has no such location." in text_of(elsewhere)
    assert "Not possible An amount in USD is a multiple of 0.01." in text_of(odd)
