"""GET /orders and /order-items: filters, order, pages by cursor."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from orders.models.order import Order
from orders.placing.requested_lines import PlaceOrder, PlaceOrderLine
from orders.services.orders.cancel_order import cancel_order
from orders.services.orders.delete_order import delete_order
from orders.services.orders.place_order import place_order
from orders.states import CancelReason
from shared.actor import SYSTEM
from tests.shop.goods import for_sale
from tests.shop.http.api_client import Caller, machine, ok, refused
from tests.shop.order_history import DAY_ONE, ids, listed
from users.models.customer import Customer


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

    assert page.keys() == {"next", "previous", "next_cursor", "results"}
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


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_a_sellers_page_is_full_behind_lines_of_deleted_orders(staff: Caller, history: list[Order], limit: int) -> None:
    rows = ok(staff.get("/order-items"))["results"]
    deleted = {row["order"] for row in (*rows[1:5], rows[6])}
    for order_id in deleted:
        cancel_order(order_id=UUID(order_id), actor=SYSTEM, reason=CancelReason.STAFF)
        delete_order(order_id=UUID(order_id), actor=SYSTEM, reason="a test order")
    left = [row["id"] for row in rows if row["order"] not in deleted]

    pages = walk(staff, f"/order-items?seller={rows[0]['seller']}&limit={limit}")

    assert [one for page in pages for one in page] == left
    assert {len(page) for page in pages[:-1]} <= {limit}


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
