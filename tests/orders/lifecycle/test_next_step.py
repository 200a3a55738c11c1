"""An order's page offers the next step by one button; what else may be done stands under “More”."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from orders.admin.orders.receipt import receipt_of
from orders.editing.edit_requests import ChangedQuantity, EditRequest
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.payment import Payment
from orders.services.orders.advance_order import advance_order
from orders.services.orders.cancel_order import cancel_order
from orders.services.orders.edit_order import edit_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.shipments.pack_shipment import pack_shipment
from orders.states import CancelReason
from shared.actor import SYSTEM
from tests.shop.goods import make_level, make_seller, make_variant, stock_at
from tests.shop.http.admin_pages import page_url, signed_in, superuser, text_of
from tests.shop.orders import order_of
from tests.shop.people import StaffFactory, make_buyer


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


def ask_for_more(order: Order, units: int) -> None:
    item = OrderItem.objects.get(order=order)
    requested = EditRequest((ChangedQuantity(0, item.pk, units),))
    edit_order(order_id=order.pk, requested=requested, actor=SYSTEM, reason="one more", may_refund=False)


def press(client: Client, order: Order, **fields: str) -> Any:
    return client.post(page_url(order, "confirm_payment"), fields, follow=True)


@pytest.mark.django_db
@pytest.mark.parametrize("past", [[pay], [pay, pack], [pay, go_to("PROCESSING")]])
def test_the_rest_of_an_order_that_costs_more_is_taken_first_and_once(past: list[Callable[[Order], Any]]) -> None:
    order, boss = order_of(make_buyer(), (make_level(on_hand=5, tax_rate="0"), 2)), signed_in(superuser())
    for step in past:
        step(order)
    ask_for_more(order, 3)

    assert buttons_of(boss, order)[0] == ["Take the rest: 10.00 USD"]
    assert "Take the rest: 10.00 USD" in text_of(boss.get("/admin/orders/order/board/"))
    form = boss.get(page_url(order, "confirm_payment"))
    assert f"Take the rest of order {order.number}" in text_of(form)
    assert 'value="10.00"' in form.content.decode()
    for _click in range(2):
        press(boss, order, amount="10.00", reference="")

    order.refresh_from_db()
    payments = Payment.objects.filter(order=order).order_by("id")
    assert [(paid.amount, paid.status) for paid in payments] == [(Decimal(20), "PAID"), (Decimal(10), "PAID")]
    assert (order.payment_status, order.open_amount) == ("PAID", None)
    assert buttons_of(boss, order)[0] == ["Pack a shipment"]
    receipt = {row.label: row.amount for row in receipt_of(order, with_money=True)}
    assert receipt == {"Subtotal": "30.00 USD", "Total": "30.00 USD", "Paid": "30.00 USD"}


@pytest.mark.django_db
@pytest.mark.parametrize(("part", "rest"), [("12.50", "7.50"), ("10.00", "10.00")])
def test_the_rest_of_what_was_paid_in_part_is_one_button(part: str, rest: str) -> None:
    order, boss = order_of(make_buyer(), (make_level(on_hand=5, tax_rate="0"), 2)), signed_in(superuser())

    press(boss, order, amount=part, as_it_came="on", reference="bank-1")
    assert buttons_of(boss, order)[0] == [f"Take the rest: {rest} USD"]
    form = boss.get(page_url(order, "confirm_payment"))
    assert f'value="{rest}"' in form.content.decode()
    assert f"To be paid {rest} USD" in text_of(form)
    # Another amount may be typed, so the button promises none.
    assert "Take the payment" in text_of(form)
    for _click in range(2):
        press(boss, order, amount=rest, reference="")

    payments = Payment.objects.filter(order=order).order_by("id").values_list("amount", "status")
    assert list(payments) == [(Decimal(part), "PAID"), (Decimal(rest), "PAID")]
    assert buttons_of(boss, order)[0] == ["Pack a shipment"]


@pytest.mark.django_db
def test_who_may_not_take_money_goes_on_with_the_goods() -> None:
    order, packer = order_of(make_buyer(), (make_level(on_hand=5), 2)), StaffFactory.create()
    packer.user_permissions.set(
        Permission.objects.filter(codename__in=["view_order", "add_shipment", "ship_unsettled", "view_customer"])
    )
    pay(order)
    ask_for_more(order, 3)

    assert buttons_of(signed_in(packer), order)[0] == ["Pack a shipment"]


@pytest.mark.django_db
def test_a_sub_orders_money_is_taken_on_its_parents_page() -> None:
    north = stock_at(make_variant(price="7.00"), 5, make_seller("North", priority=200))
    split, boss = order_of(make_buyer(), (make_level(on_hand=5, tax_rate="0"), 2), (north, 1)), signed_in(superuser())
    pay(split)
    theirs = OrderItem.objects.get(seller=north.location.seller).order
    ask_for_more(theirs, 2)

    main, more = buttons_of(boss, theirs)
    assert not [name for name in (*main, *more) if name.startswith(("Confirm payment", "Take the rest"))]
    assert buttons_of(boss, split)[0] == ["Take the rest: 7.00 USD"]
