"""An order's page offers the next step by one button; what else may be done stands under “More”."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from orders.models.order import Order
from orders.services.orders.advance_order import advance_order
from orders.services.orders.cancel_order import cancel_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.shipments.pack_shipment import pack_shipment
from orders.states import CancelReason
from shared.actor import SYSTEM
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import page_url, signed_in, superuser
from tests.shop.orders import order_of
from tests.shop.people import make_buyer


def pay(order: Order) -> None:
    confirm_payment(order_id=order.pk, actor=SYSTEM)


def pack(order: Order) -> None:
    pack_shipment(order_id=order.pk, actor=SYSTEM)


def go_to(status: str) -> Callable[[Order], Any]:
    return lambda order: advance_order(order_id=order.pk, status=status, actor=SYSTEM)


def cancel(order: Order) -> None:
    cancel_order(order_id=order.pk, actor=SYSTEM, reason=CancelReason.STAFF)


def buttons_of(client: Client, order: Order) -> tuple[list[str], list[str]]:
    """The names of the buttons that stand alone, and of those under “More”."""
    page = client.get(page_url(order)).content.decode()
    lists = ("k-actions-main", "k-more-list")
    parts = [re.search(rf'<ul class="{name}">(.*?)</ul>', page, flags=re.S) for name in lists]
    shown = ([] if part is None else re.findall(r"</span>\s*([^<]+?)\s*</a>", part[1]) for part in parts)
    main, more = (list(names) for names in shown)
    return main, more


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("past", "next_step"),
    [
        ([], ["Confirm payment"]),
        ([pay], ["Pack a shipment"]),
        ([pay, pack], ["Mark as sent"]),
        ([pay, go_to("PROCESSING"), go_to("SHIPPED")], ["Mark as delivered"]),
        ([pay, go_to("PROCESSING"), go_to("SHIPPED"), go_to("DELIVERED")], []),
        ([cancel], []),
    ],
)
def test_the_button_that_stands_out_is_the_next_step(past: list[Callable[[Order], Any]], next_step: list[str]) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=5), 1))
    for step in past:
        step(order)

    main, more = buttons_of(signed_in(superuser()), order)

    assert main == next_step
    assert "Confirm payment" in [*main, *more]  # money may come in whenever it likes
    assert len(set(main) & set(more)) == 0


@pytest.mark.django_db
def test_tables_without_a_row_are_left_out() -> None:
    order = order_of(make_buyer(), (make_level(on_hand=5), 1))
    boss = signed_in(superuser())

    before = boss.get(page_url(order)).content.decode()
    pay(order)
    after = boss.get(page_url(order)).content.decode()

    assert ('id="payments-group"' in before, 'id="payments-group"' in after) == (False, True)
    assert 'id="items-group"' in before
    assert 'id="disputes-group"' not in after
