"""POST /orders: from whose stock, and from which location, an order is filled."""

from typing import Any

from tests.shop.goods import balances, for_sale, make_seller, make_variant, stock_at
from tests.shop.http.api_client import Caller, ok, refused


def sellers_of(order: dict[str, Any]) -> list[str]:
    return [item["seller"] for item in order["items"]]


def test_the_default_seller_comes_first_if_it_stocks_the_variant(staff: Caller, order_for: Any) -> None:
    variant = for_sale(on_hand=1)
    eager = stock_at(variant, 100, make_seller("Eager", priority=0))

    order = ok(staff.place(order_for((variant, 1))), 201)

    assert sellers_of(order) == [str(variant.stock_levels.exclude(pk=eager.pk).get().location.seller_id)]
    assert balances(eager.pk) == (100, 0)


def test_a_default_seller_that_is_short_passes_nothing_on(staff: Caller, order_for: Any) -> None:
    variant = for_sale(on_hand=1)
    stock_at(variant, 100, make_seller("Eager", priority=0))

    problem = refused(staff.place(order_for((variant, 2))), 409, "insufficient_stock")

    assert problem["shortages"][0]["available"] == 1


def test_else_the_first_seller_by_priority_that_can_fill_the_line(staff: Caller, order_for: Any) -> None:
    variant = make_variant()
    last, small, big = (
        make_seller(name, priority=priority) for name, priority in (("Last", 9), ("Small", 1), ("Big", 5))
    )
    for seller, units in ((last, 100), (small, 2), (big, 10)):
        stock_at(variant, units, seller)

    orders = [ok(staff.place(order_for((variant, units))), 201) for units in (2, 3, 8)]

    assert [sellers_of(order) for order in orders] == [[str(small.pk)], [str(big.pk)], [str(last.pk)]]


def test_when_no_seller_can_fill_the_line_the_most_that_one_could_is_told(staff: Caller, order_for: Any) -> None:
    variant = make_variant()
    for name, units in (("North", 2), ("South", 3)):
        stock_at(variant, units, make_seller(name, priority=1))

    problem = refused(staff.place(order_for((variant, 5))), 409, "insufficient_stock")

    assert problem["shortages"][0]["available"] == 3


def test_a_line_that_names_a_seller_takes_that_one_alone(staff: Caller, order_for: Any) -> None:
    variant, north = for_sale(on_hand=100), make_seller("North", priority=9)
    stock_at(variant, 2, north)

    assert sellers_of(ok(staff.place(order_for((variant, 2, north))), 201)) == [str(north.pk)]

    problem = refused(staff.place(order_for((variant, 1, north))), 409, "insufficient_stock")
    assert problem["shortages"][0]["available"] == 0


def test_one_location_that_can_fill_the_line_is_preferred_to_two(staff: Caller, order_for: Any) -> None:
    variant = for_sale(on_hand=2)
    annex = stock_at(variant, 5, location="Annex")

    order = ok(staff.place(order_for((variant, 4))), 201)

    assert [hold["stock_level"] for hold in order["reservations"]] == [str(annex.pk)]


def test_a_line_is_split_over_a_sellers_locations_when_it_must_be(staff: Caller, order_for: Any) -> None:
    variant = for_sale(on_hand=2)
    main = variant.stock_levels.get()
    annex, attic = (stock_at(variant, 2, location=name) for name in ("Annex", "Attic"))

    order = ok(staff.place(order_for((variant, 5))), 201)

    assert [item["quantity"] for item in order["items"]] == [5]
    taken = {hold["stock_level"]: hold["quantity"] for hold in order["reservations"]}
    assert taken == {str(main.pk): 2, str(annex.pk): 2, str(attic.pk): 1}
    ok(staff.pay(order))
    assert [balances(level.pk) for level in (main, annex, attic)] == [(0, 0), (0, 0), (1, 0)]


def test_lines_for_any_and_for_one_seller_do_not_promise_the_same_unit_twice(staff: Caller, order_for: Any) -> None:
    variant = for_sale(on_hand=3)
    level = variant.stock_levels.get()
    own = level.location.seller

    problem = refused(staff.place(order_for((variant, 2, own), (variant, 2))), 409, "insufficient_stock")
    assert [s["requested"] for s in problem["shortages"]] == [2]

    order = ok(staff.place(order_for((variant, 2, own), (variant, 1))), 201)
    assert [item["quantity"] for item in order["items"]] == [2, 1]
    assert balances(level.pk) == (3, 3)


def test_several_sellers_fill_one_order(staff: Caller, order_for: Any) -> None:
    north, south = make_seller("North", priority=1), make_seller("South", priority=2)
    variant = make_variant()
    levels = [stock_at(variant, 5, seller) for seller in (north, south)]

    order = ok(staff.place(order_for((variant, 2, south), (variant, 3, north))), 201)

    assert [(i["seller"], i["quantity"]) for i in order["items"]] == [(str(south.pk), 2), (str(north.pk), 3)]
    assert [balances(level.pk) for level in levels] == [(5, 3), (5, 2)]
