"""An order in full, read with all that hangs on it in one statement, is what the ORM reads by one for each table."""

from typing import Any

import pytest
from django.db.models import Prefetch

from orders.api.orders.representations import represent_order_in_full
from orders.api.orders.serializers import OrderSerializer
from orders.models.adjustment import Adjustment
from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.order_item import OrderItem
from orders.models.payment import Payment
from orders.models.reservation import Reservation
from orders.reads.in_full import get_order_in_full
from orders.reads.orders import show_sub_orders
from tests.shop.goods import for_sale, make_level, make_seller, make_variant, stock_at
from tests.shop.http.api_client import Caller, ok
from tests.shop.http.order_actions import refund
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.price_rules import coupon, region, shipping


def by_the_orm(order_id: Any) -> Order:
    """The same order by prefetch_related."""
    items = OrderItem.objects.order_by("position").prefetch_related(
        Prefetch("reservations", Reservation.objects.order_by("id"))
    )
    found = Order.objects.prefetch_related(
        Prefetch("items", items),
        Prefetch("payments", Payment.objects.order_by("id")),
        Prefetch("events", OrderEvent.objects.order_by("created_at", "id")),
        Prefetch("adjustments", Adjustment.objects.order_by("id")),
    )
    order = found.get(pk=order_id)
    sub_orders = list(found.filter(parent=order).order_by("id"))
    if sub_orders:
        show_sub_orders(order, sub_orders)
    return order


def columns(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def rows(order: Order) -> list[dict[str, Any]]:
    """Of the order and all that hangs on it every column, with its type."""
    items = list(order.items.all())
    holds = [hold for item in items for hold in item.reservations.all()]
    hanging = [*order.payments.all(), *order.events.all(), *order.adjustments.all()]
    return [
        {name: (type(value), value) for name, value in columns(row).items()}
        for row in (order, *items, *holds, *hanging)
    ]


@pytest.fixture
def orders(staff: Caller, order_for: Any) -> list[dict[str, Any]]:
    """Of three sellers with a coupon, taxes of a region and shipping, paid, shipped in part and refunded in part; a
    plain one, cancelled; one that waits for its payment in letters of all kinds."""
    coupon("SUMMER", "10")
    region("UA", "0.2", reduced="0.07")
    shipping("post", "5.00")
    goods = [for_sale(price="3.33")]
    for number, name in enumerate(("North", "South")):
        goods.append(make_variant(price="19.99"))
        stock_at(goods[-1], 10, make_seller(name, priority=number + 5))
    body = {
        **order_for(*((each, 3) for each in goods)),
        "coupon": "SUMMER",
        "ship_to_country": "UA",
        "shipping_method": "post",
    }
    rich = ok(staff.pay(ok(staff.place(body), 201)))
    sub_order = rich["sub_orders"][1]
    for status in ("PROCESSING", "SHIPPED"):
        ok(staff.patch(f"/orders/{sub_order['id']}/status", {"status": status, "reason": "“так”\\ \t\u2028"}))
    ok(refund(staff, staff.read(rich["sub_orders"][0]), 1), 201)
    cancelled = ok(staff.place(order_for((for_sale(), 2))), 201)
    ok(staff.delete(f"/orders/{cancelled['id']}"))
    waiting = ok(
        staff.place({**order_for((for_sale(), 1), (for_sale(), 2)), "note": 'Їжак „é“ "quoted" \\ \u2028 \U0001f994'}),
        201,
    )
    return [rich, *rich["sub_orders"], cancelled, waiting]


@pytest.mark.django_db(transaction=True)
def test_one_statement_reads_what_the_orm_reads_by_many(staff: Caller, orders: list[dict[str, Any]]) -> None:
    for known in orders:
        read, expected = get_order_in_full(known["id"]), by_the_orm(known["id"])

        assert rows(read) == rows(expected)
        assert staff.read(known) == represent_order_in_full(expected)
    assert {len(staff.read(known)["adjustments"]) > 0 for known in orders} == {True, False}


def test_money_without_its_currency_is_shown_by_nobody(db: None) -> None:
    """It would have the three digits that are stored."""
    order = order_of(make_buyer(), (make_level(on_hand=1), 1))

    with pytest.raises(TypeError, match="currency"):
        _ = OrderSerializer(order).data
