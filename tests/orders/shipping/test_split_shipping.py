"""Parcels of an order over two sellers: each part ships its own, and the whole follows."""

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
def family() -> tuple[Order, Order, Order]:
    """A paid order over two sellers: the whole and its parts of 2 and 3 units."""
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


def test_the_whole_waits_for_its_slowest_part(family: tuple[Order, Order, Order]) -> None:
    whole, first, second = family
    with pytest.raises(SplitOrder):
        pack(whole)

    parcel = send(first)
    assert statuses(*family) == ["PROCESSING", "SHIPPED", "CONFIRMED"]
    arrive(parcel)
    assert statuses(*family) == ["PROCESSING", "DELIVERED", "CONFIRMED"]
    other = send(second)
    assert statuses(*family) == ["SHIPPED", "DELIVERED", "SHIPPED"]
    arrive(other)

    assert statuses(*family) == ["DELIVERED", "DELIVERED", "DELIVERED"]
    assert parcel.number == f"{first.number}-S1"
    assert discrepancy() == []


def test_moved_on_by_hand_the_whole_takes_all_parts_along(family: tuple[Order, Order, Order]) -> None:
    whole, first, _ = family
    send(first, 1)

    for status in ("SHIPPED", "DELIVERED"):
        advance_order(order_id=whole.pk, status=status, actor=SYSTEM)
        assert statuses(*family) == [status] * 3

    assert Shipment.objects.filter(status="DELIVERED").count() == 3
    assert discrepancy() == []


def test_a_part_moved_by_hand_takes_the_whole_along(family: tuple[Order, Order, Order]) -> None:
    _, first, second = family
    for part in (first, second):
        for status in ("PROCESSING", "SHIPPED"):
            advance_order(order_id=part.pk, status=status, actor=SYSTEM)

    assert statuses(*family) == ["SHIPPED"] * 3
    assert discrepancy() == []


def test_with_the_other_part_cancelled_the_whole_is_where_the_first_is(family: tuple[Order, Order, Order]) -> None:
    _, first, second = family
    send(first)

    cancel_paid_order(order_id=second.pk, actor=SYSTEM, reason=CancelReason.STAFF)

    assert statuses(*family) == ["SHIPPED", "SHIPPED", "CANCELLED"]
    assert discrepancy() == []
