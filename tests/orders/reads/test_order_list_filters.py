"""GET /orders: what a list can be narrowed by, and what it does not understand."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.states import OrderStatus
from tests.shop.goods import make_seller, make_variant, stock_at
from tests.shop.http.api_client import Caller, ok, pointers, refused
from tests.shop.order_history import DAY_ONE, ids, listed


def _day(number: int) -> str:
    return (DAY_ONE + timedelta(days=number)).isoformat()


def test_filters_by_time_take_the_beginning_and_leave_the_end(staff: Caller, history: list[Order]) -> None:
    assert listed(staff, created_after=_day(6)) == ids(history[6:])
    assert listed(staff, created_before=_day(1)) == ids(history[:1])
    between = listed(staff, created_after=_day(1), created_before=_day(3))
    assert between == ids([history[2], history[1]])
    assert listed(staff, created_after="2024-05-07T02:00:00+02:00") == ids(history[6:])


def test_filters_by_number_and_least_total(staff: Caller, history: list[Order]) -> None:
    assert listed(staff, number=history[3].number) == ids([history[3]])
    assert listed(staff, number="no such number") == []
    assert listed(staff, min_total="70") == ids([history[6]])
    assert listed(staff, min_total="70.01") == []
    assert len(listed(staff, min_total="20.00")) == 6


def test_filters_by_status_and_payment(staff: Caller, history: list[Order]) -> None:
    paid, gone, *rest = ids(history)
    ok(staff.pay({"id": paid}))
    ok(staff.delete(f"/orders/{gone}"))

    assert listed(staff, status="CONFIRMED") == listed(staff, payment_status="PAID") == [paid]
    assert listed(staff, status="CANCELLED") == [gone]
    assert sorted(listed(staff, status="PENDING")) == sorted(rest)
    assert listed(staff, status="CONFIRMED", payment_status="PENDING") == []


def test_filters_by_customer_and_seller(
    staff: Caller, other_buyer: Caller, history: list[Order], order_for: Any
) -> None:
    variant, north = make_variant(), make_seller("North", priority=1)
    stock_at(variant, 5, north)
    other = str(other_buyer.customer.pk)
    theirs = ok(staff.place(order_for((variant, 1), ("TEA", 1), customer=other)), 201)

    assert listed(staff, customer=other) == [theirs["id"]]
    assert listed(staff, seller=str(north.pk)) == [theirs["id"]], "the whole order, not the sub-order of it"
    assert len(listed(staff, customer=str(history[0].customer_id))) == 7
    assert listed(staff, customer=str(uuid4())) == listed(staff, seller=str(uuid4())) == []


BAD = [
    ("colour", "red"),
    ("offset", "5"),
    ("page", "2"),
    ("status", "LOST"),
    ("status", "confirmed"),
    ("payment_status", "x"),
    ("customer", "me"),
    ("seller", "7"),
    ("created_after", "yesterday"),
    ("created_before", "2026-13-01"),
    ("min_total", "much"),
    ("min_total", "NaN"),
    ("min_total", "Infinity"),
    ("min_total", "1e400"),
    ("number", "n" * 33),
    ("ordering", "total"),
    ("ordering", ""),
    ("ordering", "-created_at,id"),
    ("limit", "0"),
    ("limit", "101"),
    ("limit", "-1"),
    ("limit", "ten"),
    ("limit", ""),
    ("cursor", "nonsense"),
    ("cursor", "cD1hYmM="),
    ("cursor", "\u00e9"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_bad_parameters_are_named(staff: Caller, history: list[Order], name: str, value: str) -> None:
    problem = refused(staff.get("/orders", **{name: value}), 400, "invalid")

    assert {pointer.strip("/") for pointer in pointers(problem)} == {name}


def test_an_order_that_is_deleted_while_a_sellers_page_is_read_is_not_on_it(
    staff: Caller, history: list[Order]
) -> None:
    kept = history[0]
    seller = OrderItem.objects.get(order=kept).seller_id
    Order.objects.update(status=OrderStatus.CANCELLED, cancelled_at=DAY_ONE, cancel_reason="staff")
    asked: list[str] = []

    def deleting(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if "orders_order" in sql and not asked:
            asked.append(sql)
            Order.objects.exclude(pk=kept.pk).update(deleted_at=kept.created_at)
        return answer

    with connection.execute_wrapper(deleting):
        page = listed(staff, seller=str(seller))

    assert (len(asked), page) == (1, [str(kept.pk)])
