"""Units sold beyond the stock wait for goods, up to the variant's limit."""

from typing import Any

from catalog.models.variant import Variant
from inventory.models.level import StockLevel
from orders.models.backorder import Backorder
from orders.services.orders.fill_backorders import fill_backorders
from tests.shop.goods import for_sale
from tests.shop.http.api_client import Caller, ok, refused
from tests.shop.http.order_actions import expire, make_overdue


def ahead(*, on_hand: int, limit: int) -> Variant:
    """Something of which `limit` units may be sold ahead."""
    variant = for_sale(on_hand=on_hand)
    Variant.objects.filter(pk=variant.pk).update(backorder_limit=limit)
    return variant


def waiting(variant: Variant) -> list[tuple[int, int, str]]:
    rows = Backorder.objects.filter(variant=variant).order_by("id")
    return list(rows.values_list("quantity", "filled_quantity", "status"))


def level(variant: Variant) -> tuple[int, int]:
    found = StockLevel.objects.get(variant=variant)
    return found.on_hand, found.reserved


def deliver(staff: Caller, variant: Variant, units: int) -> None:
    found = StockLevel.objects.get(variant=variant)
    ok(staff.post(f"/stock-levels/{found.pk}/adjustments", {"quantity": units, "reason": "delivery"}), 201)
    fill_backorders()


def test_what_is_there_is_held_and_the_rest_waits(staff: Caller, order_for: Any) -> None:
    variant = ahead(on_hand=2, limit=5)

    order = ok(staff.place(order_for((variant, 6))), 201)

    assert [hold["quantity"] for hold in order["reservations"]] == [2]
    assert (level(variant), waiting(variant)) == ((2, 2), [(4, 0, "waiting")])


def test_the_limit_holds_for_all_orders_together(staff: Caller, order_for: Any) -> None:
    variant = ahead(on_hand=0, limit=3)
    ok(staff.place(order_for((variant, 2))), 201)

    body = refused(staff.place(order_for((variant, 2))), 409, "insufficient_stock")

    assert body["shortages"][0]["available"] == 0
    ok(staff.place(order_for((variant, 1))), 201)
    assert sum(quantity for quantity, _, _ in waiting(variant)) == 3


def test_a_paid_order_gets_its_goods_when_they_come(staff: Caller, order_for: Any) -> None:
    variant = ahead(on_hand=1, limit=9)
    order = ok(staff.place(order_for((variant, 4))), 201)
    paid = ok(staff.pay(order))
    assert (paid["status"], level(variant)) == ("CONFIRMED", (0, 0))

    deliver(staff, variant, 5)

    assert (level(variant), waiting(variant)) == ((2, 0), [(3, 3, "filled")])


def test_an_unpaid_order_holds_what_came_and_gives_all_back(staff: Caller, order_for: Any) -> None:
    variant = ahead(on_hand=0, limit=9)
    order = ok(staff.place(order_for((variant, 4))), 201)

    deliver(staff, variant, 3)
    assert (level(variant), waiting(variant)) == ((3, 3), [(4, 3, "waiting")])

    expire(order)
    assert level(variant) == (3, 0)
    assert waiting(variant)[0][2] == "cancelled"
    ok(staff.place(order_for((variant, 12))), 201)


def test_a_preview_tells_what_placing_then_does(staff: Caller, order_for: Any) -> None:
    """It frees what overdue orders hold, and what is still missing waits; nothing of that happens yet."""
    variant = ahead(on_hand=3, limit=4)
    make_overdue(ok(staff.place(order_for((variant, 5))), 201))
    stock = (level(variant), waiting(variant))

    for units, waits in ((2, 0), (3, 0), (7, 4), (8, None)):
        before = staff.post("/orders/preview", order_for((variant, units)))
        assert (level(variant), waiting(variant)) == stock
        if waits is None:
            told = refused(before, 409, "insufficient_stock")["shortages"]
            assert told == refused(staff.place(order_for((variant, units))), 409, "insufficient_stock")["shortages"]
        else:
            [line] = ok(before)["items"]
            assert (line["quantity"], line["waiting"]) == (units, waits)
    ok(staff.place(order_for((variant, 7))), 201)
    assert waiting(variant)[-1] == (4, 0, "waiting")
    refused(staff.post("/orders/preview", order_for((variant, 1))), 409, "insufficient_stock")
