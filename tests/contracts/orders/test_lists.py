"""GET /orders and /order-items: filters, order, pages by cursor."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from orders.models.order import Order
from orders.placing_plan import PlaceOrder, PlaceOrderLine
from orders.services.place_order import place_order
from shared.actor import SYSTEM
from tests.contracts.orders.goods import for_sale, make_seller, make_variant, stock_at
from tests.contracts.orders.http import Caller, machine, ok, pointers, refused
from users.models.customer import Customer

DAY_ONE = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def history(customer: Customer) -> list[Order]:
    """Seven orders of one customer, a day apart, of 1 to 7 units at 10.00; the fifth and sixth of one moment."""
    variant = for_sale("TEA", on_hand=1_000)
    days = (0, 1, 2, 3, 4, 4, 6)
    return [
        place_order(
            request=PlaceOrder(customer.pk, (PlaceOrderLine(variant.sku, units),)),
            actor=SYSTEM,
            now=DAY_ONE + timedelta(days=day),
        ).order
        for units, day in enumerate(days, start=1)
    ]


def ids(rows: list[Any]) -> list[str]:
    return [str(row["id"] if isinstance(row, dict) else row.pk) for row in rows]


def listed(caller: Caller, path: str = "/orders", **query: Any) -> list[str]:
    """The ids on the first page."""
    return ids(ok(caller.get(path, **query))["results"])


def walk(caller: Caller, link: str | None, *, back: bool = False) -> list[list[str]]:
    """The ids on every page, following links to the end."""
    pages = []
    while link:
        page = ok(caller.send("GET", link))
        pages.append(ids(page["results"]))
        link = page["previous" if back else "next"]
    return pages


def test_orders_are_listed_newest_first_with_their_items(staff: Caller, history: list[Order]) -> None:
    page = ok(staff.get("/orders"))

    assert page.keys() == {"next", "previous", "results"}
    assert (page["next"], page["previous"]) == (None, None)
    times = [row["created_at"] for row in page["results"]]
    assert times == sorted(times, reverse=True)
    assert sorted(ids(page["results"])) == sorted(ids(history))
    assert [row["items"][0]["quantity"] for row in page["results"]][-4:] == [4, 3, 2, 1]


@pytest.mark.parametrize("ordering", ["-created_at", "created_at"])
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_pages_walked_to_the_end_and_back_show_every_order_once(
    staff: Caller, history: list[Order], ordering: str, limit: int
) -> None:
    whole = listed(staff, ordering=ordering)
    assert len(whole) == len(history)

    pages = walk(staff, f"/orders?ordering={ordering}&limit={limit}")

    assert [one for page in pages for one in page] == whole
    assert all(len(page) == limit for page in pages[:-1])
    last = f"/orders?ordering={ordering}&limit={limit}"
    while following := ok(staff.send("GET", last))["next"]:
        last = following
    assert [one for page in reversed(walk(staff, last, back=True)) for one in page] == whole


def test_a_page_has_twenty_rows_unless_told(staff: Caller, customer: Customer) -> None:
    variant = for_sale(on_hand=1_000)
    for _ in range(21):
        request = PlaceOrder(customer.pk, (PlaceOrderLine(variant.sku, 1),))
        place_order(request=request, actor=SYSTEM, now=DAY_ONE)

    assert [len(page) for page in walk(staff, "/orders")] == [20, 1]
    assert len(listed(staff, limit=100)) == 21


def test_orders_placed_meanwhile_shift_no_page(staff: Caller, history: list[Order], order_for: Any) -> None:
    first = ok(staff.get("/orders", limit=3))
    ok(staff.place(order_for(("TEA", 1))), 201)

    rest = walk(staff, first["next"])

    assert sorted(ids(first["results"]) + [one for page in rest for one in page]) == sorted(ids(history))


def test_the_two_orders_are_each_others_reverse(staff: Caller, history: list[Order]) -> None:
    assert listed(staff, ordering="created_at") == listed(staff, ordering="-created_at")[::-1]


def _day(number: int) -> str:
    return (DAY_ONE + timedelta(days=number)).isoformat()


def test_filters_by_time_take_the_beginning_and_leave_the_end(staff: Caller, history: list[Order]) -> None:
    assert listed(staff, created_after=_day(6)) == ids(history[6:])
    assert listed(staff, created_before=_day(1)) == ids(history[:1])
    between = listed(staff, created_after=_day(1), created_before=_day(3))
    assert between == ids([history[2], history[1]])
    assert listed(staff, created_after="2026-01-07T02:00:00+02:00") == ids(history[6:])


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

    assert listed(staff, customer=other) == listed(staff, seller=str(north.pk)) == [theirs["id"]]
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


def test_a_customers_login_sees_its_own_orders_alone(buyer: Caller, other_buyer: Caller, history: list[Order]) -> None:
    own = ok(other_buyer.place({"items": [{"variant": "TEA", "quantity": 1}]}), 201)

    assert sorted(listed(buyer)) == sorted(ids(history))
    assert listed(other_buyer) == [own["id"]]
    assert listed(other_buyer, customer=str(buyer.customer.pk)) == []
    assert len(listed(other_buyer, "/order-items")) == 1
    assert listed(machine(other_buyer.user, "orders:read")) == [own["id"]]


def test_anothers_order_and_item_are_not_there(
    staff: Caller, buyer: Caller, other_buyer: Caller, history: list[Order]
) -> None:
    order = staff.read({"id": history[0].pk})
    for path in (f"/orders/{order['id']}", f"/order-items/{order['items'][0]['id']}"):
        ok(buyer.get(path))
        ok(staff.get(path))
        refused(other_buyer.get(path), 404, "not_found")
        refused(Caller().get(path), 401, "not_authenticated")
        refused(machine(staff.user, "stock:read").get(path), 403, "missing_scope")
    refused(staff.get(f"/orders/{uuid4()}"), 404, "not_found")
    refused(staff.get("/orders/nonsense"), 404, "not_found")
    refused(staff.get(f"/orders/{order['id']}", expand="items"), 400, "invalid")


def test_nobody_lists_without_signing_in(db: None) -> None:
    for path in ("/orders", "/order-items"):
        refused(Caller().get(path), 401, "not_authenticated")


def test_items_of_all_orders_are_listed_newest_first(staff: Caller, history: list[Order]) -> None:
    rows = ok(staff.get("/order-items"))["results"]

    assert [row["order"] for row in rows] == ids(sorted(history, key=lambda order: order.pk, reverse=True))
    assert [one for page in walk(staff, "/order-items?limit=2") for one in page] == ids(rows)
    assert ok(staff.get(f"/order-items/{rows[0]['id']}")) == rows[0]


def test_items_are_filtered(staff: Caller, history: list[Order]) -> None:
    order = staff.read({"id": history[0].pk})
    (item,) = order["items"]
    ok(staff.pay(order))

    assert listed(staff, "/order-items", order=order["id"]) == [item["id"]]
    assert listed(staff, "/order-items", status="CONFIRMED") == [item["id"]]
    assert len(listed(staff, "/order-items", seller=item["seller"], variant=item["variant"])) == 7
    assert listed(staff, "/order-items", seller=str(uuid4())) == []
    refused(staff.get("/order-items", colour="red"), 400, "invalid")
    refused(staff.get("/order-items", ordering="id"), 400, "invalid")
