"""Shipments of an order over two sellers: each sub-order ships its own, and the whole follows."""

import pytest

from orders.models.order import Order
from orders.models.shipment import Shipment
from orders.services.orders.advance_order import advance_order
from orders.services.orders.cancel_paid_order import cancel_paid_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.shipments.pack_shipment import SplitOrder
from orders.states import CancelReason
from shared.actor import SYSTEM
from tests.shop.goods import add_level, make_level, make_seller
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.shipments import arrive, discrepancy, pack, send

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def group() -> tuple[Order, Order, Order]:
    """A paid order over two sellers: the whole and its sub-orders of 2 and 3 units."""
    own, elsewhere = make_level(on_hand=2), make_level(on_hand=0)
    seller = make_seller("Other", priority=5)
    type(elsewhere).objects.filter(pk=elsewhere.pk).delete()
    other = add_level(elsewhere.variant, seller.locations.get(), on_hand=3)
    order = order_of(make_buyer(), (own, 2), (other, 3))
    confirm_payment(order_id=order.pk, actor=SYSTEM)
    first, second = Order.objects.filter(parent=order).order_by("number")
    return order, first, second


def statuses(*orders: Order) -> list[str]:
    for order in orders:
        order.refresh_from_db()
    return [order.status for order in orders]


def test_the_whole_waits_for_its_slowest_sub_order(group: tuple[Order, Order, Order]) -> None:
    whole, first, second = group
    with pytest.raises(SplitOrder):
        pack(whole)

    shipment = send(first)
    assert statuses(*group) == ["PROCESSING", "SHIPPED", "CONFIRMED"]
    arrive(shipment)
    assert statuses(*group) == ["PROCESSING", "DELIVERED", "CONFIRMED"]
    other = send(second)
    assert statuses(*group) == ["SHIPPED", "DELIVERED", "SHIPPED"]
    arrive(other)

    assert statuses(*group) == ["DELIVERED", "DELIVERED", "DELIVERED"]
    assert shipment.number == f"{first.number}-S1"
    assert discrepancy() == []


def test_moved_on_by_hand_the_whole_takes_all_sub_orders_along(group: tuple[Order, Order, Order]) -> None:
    whole, first, _ = group
    send(first, 1)

    for status in ("SHIPPED", "DELIVERED"):
        advance_order(order_id=whole.pk, status=status, actor=SYSTEM)
        assert statuses(*group) == [status] * 3

    assert Shipment.objects.filter(status="DELIVERED").count() == 3
    assert discrepancy() == []


def test_a_sub_order_moved_by_hand_takes_the_whole_along(group: tuple[Order, Order, Order]) -> None:
    _, first, second = group
    for sub_order in (first, second):
        for status in ("PROCESSING", "SHIPPED"):
            advance_order(order_id=sub_order.pk, status=status, actor=SYSTEM)

    assert statuses(*group) == ["SHIPPED"] * 3
    assert discrepancy() == []


def test_with_the_other_sub_order_cancelled_the_whole_is_where_the_first_is(group: tuple[Order, Order, Order]) -> None:
    _, first, second = group
    send(first)

    cancel_paid_order(order_id=second.pk, actor=SYSTEM, reason=CancelReason.STAFF)

    assert statuses(*group) == ["SHIPPED", "SHIPPED", "CANCELLED"]
    assert discrepancy() == []
