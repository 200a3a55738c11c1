"""POST /orders: good requests that a rule refuses. Nothing is left, and the key stays free."""

from typing import Any
from uuid import uuid4

import pytest

from catalog.models.variant import Variant
from shared.models.idempotency_key import IdempotencyKey
from tests.shop.database.traces import nothing_changes
from tests.shop.goods import for_sale, make_seller, make_variant, stock_at
from tests.shop.http.api_client import Caller, login, machine, ok, refused
from users.models.user import User


def _short(variant: Variant, requested: int, available: int) -> dict[str, Any]:
    return {"variant": str(variant.pk), "sku": variant.sku, "requested": requested, "available": available}


def test_every_short_line_is_told_at_once(staff: Caller, order_for: Any) -> None:
    plenty, few, none, unstocked = for_sale(), for_sale(on_hand=2), for_sale(on_hand=0), make_variant()

    with nothing_changes():
        answer = staff.place(order_for((few, 3), (plenty, 1), (none, 1), (unstocked, 4)), key="k1")

    problem = refused(answer, 409, "insufficient_stock")
    assert problem["shortages"] == [_short(few, 3, 2), _short(none, 1, 0), _short(unstocked, 4, 0)]


def test_lines_that_share_a_variant_are_short_together(staff: Caller, order_for: Any) -> None:
    variant = for_sale("TEA", on_hand=3)

    with nothing_changes():
        answer = staff.place(order_for((variant, 2), ("TEA", 2)))

    assert refused(answer, 409, "insufficient_stock")["shortages"] == [_short(variant, 4, 3)]


def test_what_others_hold_is_not_available(staff: Caller, order_for: Any) -> None:
    variant = for_sale(on_hand=3)
    ok(staff.place(order_for((variant, 2))), 201)

    with nothing_changes():
        answer = staff.place(order_for((variant, 2)))

    assert refused(answer, 409, "insufficient_stock")["shortages"] == [_short(variant, 2, 1)]


def test_a_refusal_for_stock_is_not_remembered(staff: Caller, order_for: Any) -> None:
    variant = for_sale(on_hand=1)
    body = order_for((variant, 2))
    refused(staff.place(body, key="k1"), 409, "insufficient_stock")
    assert not IdempotencyKey.objects.exists()

    stock_at(variant, 5, location="Annex")

    ok(staff.place(body, key="k1"), 201)


def test_after_a_refusal_the_key_may_place_another_order(staff: Caller, order_for: Any) -> None:
    variant = for_sale(on_hand=1)
    refused(staff.place(order_for((variant, 2)), key="k1"), 409, "insufficient_stock")

    ok(staff.place(order_for((variant, 1)), key="k1"), 201)


def test_unknown_variants_are_listed(staff: Caller, order_for: Any) -> None:
    variant, nobody = for_sale(), str(uuid4())

    with nothing_changes():
        answer = staff.place(order_for((variant, 1), ("NO-SUCH", 1), (nobody, 1), ("NO-SUCH", 2)), key="k1")

    assert refused(answer, 404, "variant_not_found")["variants"] == sorted(["NO-SUCH", nobody])


def test_an_unknown_customer_is_named(staff: Caller, order_for: Any) -> None:
    variant, nobody = for_sale(), str(uuid4())

    with nothing_changes():
        answer = staff.place(order_for((variant, 1), customer=nobody), key="k1")

    assert refused(answer, 404, "customer_not_found")["customers"] == [nobody]


@pytest.mark.parametrize("what", ["variant", "product"])
def test_what_is_not_for_sale_is_listed(staff: Caller, order_for: Any, what: str) -> None:
    hidden, active = for_sale(), for_sale()
    row = hidden if what == "variant" else hidden.product
    row.is_active = False
    row.save()

    with nothing_changes():
        answer = staff.place(order_for((active, 1), (hidden, 1)), key="k1")

    assert refused(answer, 409, "variant_unavailable")["variants"] == [str(hidden.pk)]


def test_a_seller_without_the_variant_is_short_of_it(staff: Caller, order_for: Any) -> None:
    variant, stranger = for_sale(on_hand=5), make_seller("Stranger", priority=1)

    with nothing_changes():
        answer = staff.place(order_for((variant, 1, stranger)))

    assert refused(answer, 409, "insufficient_stock")["shortages"] == [_short(variant, 1, 0)]


@pytest.mark.parametrize("what", ["seller", "location"])
def test_stock_of_the_inactive_does_not_count(staff: Caller, order_for: Any, what: str) -> None:
    variant, seller = make_variant(), make_seller("North", priority=1)
    level = stock_at(variant, 5, seller)
    row = seller if what == "seller" else level.location
    row.is_active = False
    row.save()

    with nothing_changes():
        answer = staff.place(order_for((variant, 1)))

    assert refused(answer, 409, "insufficient_stock")["shortages"] == [_short(variant, 1, 0)]


@pytest.mark.parametrize(
    "authorization", [None, "Bearer nonsense", "Api-Key nonsense", "Api-Key", "Basic Og==", "Bearer"]
)
def test_nobody_places_without_signing_in(db: None, order_for: Any, authorization: str | None) -> None:
    variant = for_sale()

    with nothing_changes():
        answer = Caller(authorization).place(order_for((variant, 1)), key="k1")

    assert ok(answer, 401)["code"] in {"not_authenticated", "authentication_failed"}
    assert answer["WWW-Authenticate"]
    assert answer["Content-Type"] == "application/problem+json"


def test_a_login_that_was_closed_places_nothing(staff: Caller, order_for: Any) -> None:
    variant = for_sale()
    staff.user.is_active = False
    staff.user.save()

    with nothing_changes():
        refused(staff.place(order_for((variant, 1))), 401, "authentication_failed")


def test_a_key_without_the_scope_places_nothing(staff: Caller, order_for: Any) -> None:
    variant, reader = for_sale(), machine(staff.user, "orders:read", "payments:write")

    with nothing_changes():
        refused(reader.place(order_for((variant, 1)), key="k1"), 403, "missing_scope")


def test_a_customers_login_cannot_buy_for_another(other_buyer: Caller, order_for: Any) -> None:
    variant = for_sale()

    with nothing_changes():
        refused(other_buyer.place(order_for((variant, 1)), key="k1"), 404, "customer_not_found")


def test_a_login_that_is_no_customer_cannot_buy(order_for: Any) -> None:
    variant, nobody = for_sale(), login(User.objects.create_user("nobody@example.com"))

    with nothing_changes():
        refused(nobody.place(order_for((variant, 1)), key="k1"), 404, "customer_not_found")
        refused(nobody.place({"items": order_for((variant, 1))["items"]}), 404, "customer_not_found")


def test_a_key_of_a_customer_is_held_to_that_customer(buyer: Caller, other_buyer: Caller, order_for: Any) -> None:
    variant, theirs = for_sale(), machine(other_buyer.user, "orders:write")

    with nothing_changes():
        refused(theirs.place(order_for((variant, 1))), 404, "customer_not_found")

    ok(machine(buyer.user, "orders:write").place(order_for((variant, 1))), 201)


def test_a_customers_login_places_sixty_a_minute_at_most(
    buyer: Caller, other_buyer: Caller, order_for: Any, settings: Any
) -> None:
    settings.ORDER_LIMIT_UNPAID_ORDERS = 0
    variant = for_sale(on_hand=1_000)
    body = {"items": order_for((variant, 1))["items"]}
    answers = [buyer.place(body).status_code for _ in range(60)]
    assert answers == [201] * 60

    with nothing_changes():
        answer = buyer.place(body, key="k1")

    refused(answer, 429, "rate_limited")
    assert 1 <= int(answer["Retry-After"]) <= 60
    ok(other_buyer.place(body), 201)


def test_staff_and_keys_are_not_limited(staff: Caller, till: Caller, order_for: Any, settings: Any) -> None:
    settings.CUSTOMER_ORDERS_PER_MINUTE = 1
    body = order_for((for_sale(), 1))

    for caller in (staff, till) * 2:
        ok(caller.place(body), 201)
