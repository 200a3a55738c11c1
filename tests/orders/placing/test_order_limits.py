"""A customer's own login may not hold more of the shop than one buyer needs; staff and their keys may."""

from typing import Any

import pytest

from catalog.models.variant import Variant
from orders.models.order import Order
from shared.models.idempotency_key import IdempotencyKey
from tests.shop.goods import for_sale
from tests.shop.http.api_client import Caller, ok, refused
from tests.shop.http.order_actions import make_overdue


@pytest.fixture(autouse=True)
def small(settings: Any) -> None:
    settings.ORDER_LIMIT_UNITS = 5
    settings.ORDER_LIMIT_UNPAID_ORDERS = 3
    settings.ORDER_LIMIT_HELD_UNITS = 10


def own(variant: Any, *quantities: int) -> dict[str, Any]:
    return {"items": [{"variant": str(variant.pk), "quantity": quantity} for quantity in quantities]}


def test_an_order_has_so_many_units_of_a_variant_and_no_more(buyer: Caller) -> None:
    variant = for_sale(on_hand=100)
    ok(buyer.place(own(variant, 5)), 201)

    problem = refused(buyer.place(own(variant, 3, 3), key="k1"), 409, "order_limit")
    preview = refused(buyer.post("/orders/preview", own(variant, 6)), 409, "order_limit")

    assert (problem["what"], problem["limit"]) == (preview["what"], preview["limit"]) == ("units", 5)
    assert variant.stock_levels.get().reserved == 5
    assert not IdempotencyKey.objects.exists()


def test_so_many_orders_of_a_customer_wait_for_payment_and_no_more(buyer: Caller, staff: Caller) -> None:
    variant = for_sale(on_hand=100)
    orders = [ok(buyer.place(own(variant, 1), key=f"k{n}"), 201) for n in range(3)]

    problem = refused(buyer.place(own(variant, 1), key="k3"), 409, "order_limit")

    assert (problem["what"], problem["limit"]) == ("unpaid_orders", 3)
    assert ok(buyer.place(own(variant, 1), key="k0"))["id"] == orders[0]["id"]  # a replay places nothing
    ok(staff.pay(orders[0]))
    ok(buyer.place(own(variant, 1), key="k3"), 201)


def test_unpaid_orders_hold_so_many_units_and_no_more(buyer: Caller) -> None:
    variant, other = for_sale(on_hand=100), for_sale(on_hand=100)
    first = ok(buyer.place(own(variant, 5)), 201)
    ok(buyer.place(own(other, 4)), 201)

    problem = refused(buyer.place(own(other, 2)), 409, "order_limit")

    assert (problem["what"], problem["limit"]) == ("held_units", 10)
    make_overdue(first)  # what is overdue holds nothing back, swept or not
    ok(buyer.place(own(other, 2)), 201)


@pytest.mark.parametrize(
    ("held", "wanted", "is_over"),
    [
        ([1, 1], [1], ""),
        ([1, 1, 1], [1], "unpaid_orders"),
        ([5], [5], ""),
        ([5, 1], [5], "held_units"),
        ([5], [5, 1], "units"),
    ],
)
def test_a_preview_refuses_what_placing_then_refuses(
    buyer: Caller, held: list[int], wanted: list[int], is_over: str
) -> None:
    variant = for_sale(on_hand=100)
    for units in held:
        ok(buyer.place(own(variant, units)), 201)

    preview = buyer.post("/orders/preview", own(variant, *wanted))

    assert Order.objects.count() == len(held)
    placed = buyer.place(own(variant, *wanted))
    if is_over:
        problems = [refused(answer, 409, "order_limit") for answer in (preview, placed)]
        assert [(problem["what"], problem["limit"], problem["detail"]) for problem in problems] == [
            (is_over, {"units": 5, "unpaid_orders": 3, "held_units": 10}[is_over], problems[1]["detail"])
        ] * 2
    else:
        assert ok(preview)["total"] == ok(placed, 201)["total"]


def test_a_preview_leaves_out_what_is_overdue_what_waits_for_goods_and_what_is_free(
    buyer: Caller, staff: Caller
) -> None:
    variant, gift = for_sale(on_hand=11), for_sale(price="0.00")
    ahead = for_sale(on_hand=0)
    Variant.objects.filter(pk=ahead.pk).update(backorder_limit=5)
    overdue = ok(buyer.place(own(variant, 5)), 201)
    make_overdue(overdue)
    for _ in range(2):
        ok(buyer.place(own(variant, 5)), 201)

    refused(buyer.post("/orders/preview", own(variant, 1)), 409, "order_limit")

    ok(buyer.post("/orders/preview", own(ahead, 5)))
    ok(buyer.post("/orders/preview", own(gift, 5)))
    ok(staff.post("/orders/preview", {"customer": str(buyer.customer.pk), **own(variant, 1)}))


def test_staff_and_their_keys_have_no_limits_unless_they_are_set_for_everyone(
    staff: Caller, till: Caller, buyer: Caller, settings: Any
) -> None:
    variant = for_sale(on_hand=1_000)
    body = {"customer": str(buyer.customer.pk), **own(variant, 50)}
    for who in (staff, till, staff, till):
        ok(who.place(body), 201)

    settings.ORDER_LIMITS_FOR = "everyone"

    refused(staff.place(body), 409, "order_limit")
    refused(staff.post("/orders/preview", {**body, **own(variant, 1)}), 409, "order_limit")
    refused(till.place({**body, **own(variant, 1)}), 409, "order_limit")
    assert Order.objects.count() == 4


def test_no_limit_where_it_is_nought(buyer: Caller, settings: Any) -> None:
    settings.ORDER_LIMIT_UNITS = settings.ORDER_LIMIT_UNPAID_ORDERS = settings.ORDER_LIMIT_HELD_UNITS = 0
    variant = for_sale(on_hand=100)

    for _ in range(5):
        ok(buyer.place(own(variant, 9)), 201)
