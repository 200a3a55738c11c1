"""POST /orders with an Idempotency-Key: the same request again finds the order that it placed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from catalog.models.variant import Variant
from orders.models.order import Order
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.upkeep.purge_idempotency_keys import purge_idempotency_keys
from shared.clock import database_now
from tests.shop.database.traces import nothing_changes
from tests.shop.goods import for_sale, make_seller, stock_at
from tests.shop.http.api_client import Caller, login, machine, ok, refused


def test_the_same_request_again_answers_with_the_same_order(staff: Caller, order_for: Any) -> None:
    body = order_for((for_sale(), 2), note="Ring twice")
    first = staff.place(body, key="k1")

    with nothing_changes():
        again = [staff.place(body, key="k1") for _ in range(3)]

    order = ok(first, 201)
    assert "Idempotent-Replayed" not in first
    for answer in again:
        assert ok(answer, 200) == order
        assert answer["Idempotent-Replayed"] == "true"
        assert (answer["Location"], answer["ETag"]) == (first["Location"], first["ETag"])


def test_a_variant_that_is_called_otherwise_by_now_is_found_again(staff: Caller, order_for: Any) -> None:
    tea, mug, seller = for_sale("TEA"), for_sale("MUG"), make_seller("Annex", priority=9)
    stock_at(mug, 5, seller)
    body = order_for(("TEA", 1), (str(tea.pk).upper(), 1), ("MUG", 1, seller))
    order = ok(staff.place(body, key="k1"), 201)

    ok(staff.patch(f"/variants/{tea.pk}", {"sku": "GREEN-TEA"}))
    assert staff.delete(f"/variants/{mug.pk}").status_code == 204
    with nothing_changes():
        renamed = staff.place(body, key="k1")
    coffee = for_sale("TEA")
    with nothing_changes():
        taken = staff.place(body, key="k1")
        other = staff.place(order_for((coffee, 2), ("MUG", 1, seller)), key="k1")
        unknown = staff.place(order_for(("NOPE", 1)), key="k1")

    assert [ok(answer, 200)["id"] for answer in (renamed, taken)] == [order["id"]] * 2
    assert (renamed["Idempotent-Replayed"], taken["Idempotent-Replayed"]) == ("true", "true")
    for answer in (other, unknown):
        refused(answer, 422, "idempotency_key_reused")


def test_a_bare_and_a_quoted_key_are_the_same(staff: Caller, order_for: Any) -> None:
    body = order_for((for_sale(), 1))
    order = ok(staff.place(body, key="k1"), 201)

    assert ok(staff.place(body, key='"k1"'), 200)["id"] == order["id"]


def test_keys_differ_by_case_and_every_character(staff: Caller, order_for: Any) -> None:
    body = order_for((for_sale(), 1))

    orders = {ok(staff.place(body, key=key), 201)["id"] for key in ("k1", "K1", "k1.", "k11")}

    assert len(orders) == 4


def test_a_quote_within_a_bare_key_is_a_character_like_any_other(staff: Caller, order_for: Any) -> None:
    body = order_for((for_sale(), 1))
    order = ok(staff.place(body, key='size-12"'), 201)

    assert ok(staff.place(body, key='size-12"'), 200)["id"] == order["id"]


def test_without_a_key_every_request_places(staff: Caller, order_for: Any) -> None:
    body = order_for((for_sale(), 1))

    assert ok(staff.place(body), 201)["id"] != ok(staff.place(body), 201)["id"]


# How the same wish may be written: (variants by SKU) -> lines
_SAME: dict[str, Callable[[Variant, Variant], list[tuple[Any, int]]]] = {
    "SKU": lambda tea, mug: [("TEA", 3), ("MUG", 1)],
    "other order of lines": lambda tea, mug: [(mug, 1), (tea, 3)],
    "split lines": lambda tea, mug: [(tea, 1), (mug, 1), ("TEA", 2)],
}


@pytest.mark.parametrize("how", _SAME)
def test_the_same_wish_written_otherwise_is_the_same_request(staff: Caller, order_for: Any, how: str) -> None:
    tea, mug = for_sale("TEA"), for_sale("MUG")
    order = ok(staff.place(order_for((tea, 3), (mug, 1)), key="k1"), 201)

    with nothing_changes():
        answer = staff.place(order_for(*_SAME[how](tea, mug)), key="k1")

    assert ok(answer, 200) == order


def test_spelling_out_the_defaults_is_the_same_request(buyer: Caller, order_for: Any) -> None:
    body = order_for((for_sale(), 1))
    order = ok(buyer.place({"items": body["items"]}, key="k1"), 201)

    assert ok(buyer.place({**body, "note": "", "currency": None}, key="k1"), 200) == order


_OTHER: dict[str, Callable[[dict[str, Any]], Any]] = {
    "quantity": lambda body: body["items"][0].update(quantity=2),
    "note": lambda body: body.update(note="Ring twice"),
    "one line more": lambda body: body["items"].append({"variant": "MUG", "quantity": 1}),
    "variant": lambda body: body["items"][0].update(variant="MUG"),
}


@pytest.mark.parametrize("what", _OTHER)
def test_the_key_of_another_request_is_refused(staff: Caller, order_for: Any, what: str) -> None:
    body = order_for((for_sale("TEA"), 1))
    for_sale("MUG")
    ok(staff.place(body, key="k1"), 201)
    _OTHER[what](body)

    with nothing_changes():
        refused(staff.place(body, key="k1"), 422, "idempotency_key_reused")


def test_another_seller_or_customer_is_another_request(staff: Caller, other_buyer: Caller, order_for: Any) -> None:
    variant, north = for_sale(), make_seller("North", priority=1)
    stock_at(variant, 5, north)
    ok(staff.place(order_for((variant, 1)), key="k1"), 201)

    with nothing_changes():
        refused(staff.place(order_for((variant, 1, north)), key="k1"), 422, "idempotency_key_reused")
        body = order_for((variant, 1), customer=str(other_buyer.customer.pk))
        refused(staff.place(body, key="k1"), 422, "idempotency_key_reused")


def test_a_key_belongs_to_its_principal(staff: Caller, buyer: Caller, order_for: Any) -> None:
    body = order_for((for_sale(), 1))
    callers = [staff, buyer, *(machine(staff.user, "orders:write") for _ in range(2))]

    orders = {ok(caller.place(body, key="k1"), 201)["id"] for caller in callers}

    assert len(orders) == 4
    assert {ok(caller.place(body, key="k1"), 200)["id"] for caller in callers} == orders


def test_a_new_token_of_the_same_user_is_the_same_principal(staff: Caller, order_for: Any) -> None:
    body = order_for((for_sale(), 1))
    order = ok(staff.place(body, key="k1"), 201)

    assert ok(login(staff.user).place(body, key="k1"), 200) == order


def _pay(staff: Caller, order: dict[str, Any]) -> None:
    ok(staff.pay(order))


def _cancel(staff: Caller, order: dict[str, Any]) -> None:
    ok(staff.delete(f"/orders/{order['id']}"))


def _expire(staff: Caller, order: dict[str, Any]) -> None:
    assert expire_unpaid_orders(now=database_now() + timedelta(hours=1)) == 1


def _sell_out(staff: Caller, order: dict[str, Any]) -> None:
    ok(staff.place({"customer": order["customer"], "items": [{"variant": "TEA", "quantity": 4}]}), 201)


def _hide(staff: Caller, order: dict[str, Any]) -> None:
    Variant.objects.update(is_active=False)


def _reprice(staff: Caller, order: dict[str, Any]) -> None:
    Variant.objects.update(price=99, currency="EUR")


@pytest.mark.parametrize("happening", [_pay, _cancel, _expire, _sell_out, _hide, _reprice])
def test_a_replay_shows_the_order_as_it_is_now(staff: Caller, order_for: Any, happening: Any) -> None:
    body = order_for((for_sale("TEA", on_hand=5), 1))
    placed = ok(staff.place(body, key="k1"), 201)
    happening(staff, placed)
    now = staff.read(placed)

    with nothing_changes():
        answer = staff.place(body, key="k1")

    assert ok(answer, 200) == now
    assert answer["Idempotent-Replayed"] == "true"
    assert answer["ETag"] == f'"{now["version"]}"'


@pytest.mark.parametrize("happening", [_sell_out, _hide])
def test_another_request_under_the_key_is_told_so_whatever_the_shop_is_like(
    staff: Caller, order_for: Any, happening: Any
) -> None:
    variant = for_sale("TEA", on_hand=5)
    placed = ok(staff.place(order_for((variant, 1)), key="k1"), 201)
    happening(staff, placed)

    with nothing_changes():
        refused(staff.place(order_for((variant, 2)), key="k1"), 422, "idempotency_key_reused")


def test_keys_are_forgotten_after_thirty_days_and_their_orders_stay(staff: Caller, order_for: Any) -> None:
    body = order_for((for_sale(), 1))
    ok(staff.place(body, key="k1"), 201)

    assert purge_idempotency_keys(now=database_now() + timedelta(days=29)) == 0
    assert purge_idempotency_keys(now=database_now() + timedelta(days=31)) == 1

    ok(staff.place(body, key="k1"), 201)
    assert Order.objects.count() == 2
