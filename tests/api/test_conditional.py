"""Every row has an ETag that changes whenever what is shown does; every PATCH and DELETE takes it back in If-Match, and
every GET in If-None-Match."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from catalog.models.variant import Variant
from config.api import urlpatterns
from tests.api.posts import POSTS, post_routes
from tests.shop.database.races import answers_together
from tests.shop.goods import for_sale
from tests.shop.http.api_client import Caller, login, ok, refused
from users.models.user import User

# Rows that something else must make, and routes that show no row.
NO_ROWS = {
    "order-item-detail",
    "backorder-detail",
    "invoice-detail",
    "user-detail",
    "pipeline-detail",
    "custom-field-detail",
    "duplicate-detail",
    "refund-detail",
    "picture-detail",
    "webhook-delivery-detail",
    "shipment-detail",
    "return-detail",
    "payment-intent-detail",
}
UNTAGGED = {"personal-data-detail": "an export says when it was made"}
# What a PATCH of each resource may say.
CHANGES: dict[str, Any] = {
    "customer": {"name": "Grace"},
    "company": {"name": "Compilers Ltd"},
    "category": {"name": "Tea"},
    "product": {"name": "Cup"},
    "variant": {"name": "Large"},
    "seller": {"priority": 7},
    "price-list": {"is_active": False},
    "tax-region": {"name": "Deutschland"},
    "coupon": {"value": "20"},
    "payment-method": {"minutes": 60},
    "shipping-method": {"price": "7.00"},
    "stock-location": {"name": "Cellar"},
    "stock-level": {"low_stock_threshold": 4},
    "order": {"metadata": {"erp": "4711"}},
    "draft": {"note": "by Friday"},
    "lead": {"name": "Grace"},
    "deal": {"title": "30 chairs"},
    "task": {"title": "Write"},
    "tag": {"name": "VIP"},
    "segment": {"description": "who went"},
    "webhook-endpoint": {"description": "the books"},
}
ACTIONS = {
    "order-advance": "orders move on by their version: test_stale_versions.py",
    "order-payment": "the same",
    "order-lines-detail": "the same",
    "shop-detail": "it has no id in its address: tests/own_shop/test_shop.py",
    "deal-stage": "as deal-detail",
    "deal-lines": "as deal-detail",
    "picture-detail": "its POST is the product's: tests/catalog/test_pictures.py",
}


@pytest.fixture
def boss(db: None) -> Caller:
    return login(User.objects.create_superuser("boss@example.com"))


def routes(method: str) -> set[str]:
    return {str(route.name) for route in urlpatterns if method in getattr(route.callback, "actions", {})}


def made(boss: Caller, resource: str) -> str:
    """The address of a new row."""
    _, body = POSTS[f"{resource}-list"](boss)
    address = post_routes()[f"{resource}-list"][0]
    return f"{address}/{ok(boss.post(address, body), 201)['id']}"


def test_every_route_that_changes_a_row_is_walked() -> None:
    assert routes("patch") == {f"{name}-detail" for name in CHANGES} | ACTIONS.keys()
    rows = {f"{name.removesuffix('-list')}-detail" for name in POSTS if name.endswith("-list")}
    shown = {
        str(route.name)
        for route in urlpatterns
        if getattr(route.callback, "actions", {}).get("get") == "retrieve" and "<uuid" in str(route.pattern)
    }
    assert shown - rows == NO_ROWS | UNTAGGED.keys()


@pytest.mark.parametrize("resource", CHANGES)
def test_a_change_by_a_stale_tag_changes_nothing(boss: Caller, resource: str) -> None:
    address, change = made(boss, resource), CHANGES[resource]
    read = boss.get(address)
    first = read["ETag"]
    assert boss.send("GET", address, headers={"If-None-Match": first}).status_code == 304
    assert boss.send("GET", address, headers={"If-None-Match": f'"other", W/{first}'}).status_code == 304

    changed = boss.patch(address, change, if_match=first)

    body = ok(changed)
    assert body != ok(read)
    second = changed["ETag"]
    assert second != first
    assert boss.get(address)["ETag"] == second
    fresh = boss.send("GET", address, headers={"If-None-Match": first})
    assert (fresh.status_code, fresh["ETag"]) == (200, second)
    refused(boss.patch(address, change, if_match=first), 412, "stale_version")
    assert ok(boss.get(address)) == body
    for no_list in ("unquoted", f"*, {second}", f"{second} {second}"):
        refused(boss.patch(address, change, if_match=no_list), 400, "invalid")
    for others in (f"W/{second}", '"a,b"', f'{first}, W/{second}, "a,b"'):
        refused(boss.patch(address, change, if_match=others), 412, "stale_version")
    for known in ("*", f"{first},{second}", f'"a,b" ,, W/{second}'):
        assert boss.send("GET", address, headers={"If-None-Match": known}).status_code == 304
    ok(boss.patch(address, change, if_match=f'{first}, "a,b", {second}'))
    second = boss.get(address)["ETag"]
    ok(boss.patch(address, change, if_match=second))
    ok(boss.patch(address, change, if_match="*"))


# Pictures: tests/catalog/test_pictures.py. The logo is no row: the shop has it or not.
@pytest.mark.parametrize(
    "resource",
    sorted({n.removesuffix("-detail") for n in routes("delete")} - {"personal-data", "picture", "shop-logo"}),
)
def test_a_row_is_deleted_by_its_present_tag_only(boss: Caller, resource: str) -> None:
    address = made(boss, resource)
    tag = boss.get(address)["ETag"]

    refused(boss.delete(address, if_match='"99"'), 412, "stale_version")
    refused(boss.delete(f"{address[:-36]}00000000-0000-7000-8000-000000000000", if_match=tag), 404, MISSING[resource])
    assert boss.get(address)["ETag"] == tag
    assert boss.delete(address, if_match=tag).status_code in {200, 204}


MISSING = {
    **dict.fromkeys(CHANGES, "not_found"),
    "order": "order_not_found",
}


@pytest.mark.parametrize("name", ["created", "changed", "read"])
def test_the_tag_is_the_same_wherever_a_row_is_shown(boss: Caller, name: str) -> None:
    answers: dict[str, Callable[[], Any]] = {
        "created": lambda: boss.post("/companies", {"name": "Kontor"}),
        "changed": lambda: boss.patch(made(boss, "company"), {"name": "Other"}),
        "read": lambda: boss.get(made(boss, "company")),
    }
    shown = answers[name]()

    assert boss.get(f"/companies/{shown.json()['id']}")["ETag"] == shown["ETag"]


def test_what_is_shown_of_a_variant_tells_of_its_stock(boss: Caller) -> None:
    variant = for_sale(on_hand=5)
    seen = boss.get(f"/variants/{variant.pk}")["ETag"]

    ok(boss.place({"customer": POSTS["order-list"](boss)[1]["customer"], "items": [_two(variant)]}), 201)

    assert boss.get(f"/variants/{variant.pk}")["ETag"] != seen
    refused(boss.patch(f"/variants/{variant.pk}", {"price": "3.00"}, if_match=seen), 412, "stale_version")


def _two(variant: Variant) -> dict[str, Any]:
    return {"variant": str(variant.pk), "quantity": 2}


def test_a_draft_takes_its_version_alone_and_the_tag_of_all_that_it_shows(boss: Caller) -> None:
    variant = for_sale(price="10.00")
    body = {"customer": POSTS["order-list"](boss)[1]["customer"], "lines": [_two(variant)]}
    address = f"/drafts/{ok(boss.post('/drafts', body), 201)['id']}"
    seen = boss.get(address)["ETag"]

    ok(boss.patch(f"/variants/{variant.pk}", {"price": "12.00"}))

    assert boss.get(address)["ETag"] != seen
    refused(boss.patch(address, {"note": "x"}, if_match=seen), 412, "stale_version")
    ok(boss.patch(address, {"note": "x"}, if_match=f'{seen}, "1"'))
    refused(boss.patch(address, {"note": "y"}, if_match='"1"'), 412, "stale_version")
    whole = boss.get(address)["ETag"]
    refused(boss.patch(address, {"note": "y"}, if_match=f'{seen}, "1", W/{whole}'), 412, "stale_version")
    ok(boss.patch(address, {"note": "y"}, if_match=f"{seen}, {whole}"))


def test_a_tag_that_is_not_ours_fits_nothing_whatever_version_the_body_names(boss: Caller) -> None:
    order = ok(boss.place(POSTS["order-list"](boss)[1]), 201)
    body = {"status": "PROCESSING", "version": order["version"]}

    for tag in (f'W/"{order["version"]}"', '"one"'):
        refused(boss.patch(f"/orders/{order['id']}/status", body, if_match=tag), 412, "stale_version")
    refused(boss.patch(f"/orders/{order['id']}/status", body, if_match='"99"'), 400, "invalid")


@pytest.mark.parametrize("resource", ["customer", "deal", "tag", "stock-level", "draft"])
def test_of_two_changes_by_one_tag_one_is_stale(transactional_db: None, resource: str) -> None:
    boss = login(User.objects.create_superuser("boss@example.com"))
    address = made(boss, resource)
    tag = boss.get(address)["ETag"]

    answers = answers_together(*[partial(boss.patch, address, CHANGES[resource], if_match=tag)] * 3)

    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]


def test_what_a_key_did_is_told_even_by_a_tag_that_it_made_stale(boss: Caller) -> None:
    task = made(boss, "task")
    tag = boss.get(task)["ETag"]
    done = boss.post(f"{task}/complete", None, if_match=tag, idempotency_key="k1")

    again = boss.post(f"{task}/complete", None, if_match=tag, idempotency_key="k1")

    assert (again.status_code, again["Idempotent-Replayed"], again.json()) == (200, "true", ok(done))
    assert again["ETag"] == done["ETag"]
    refused(boss.post(f"{task}/complete", None, if_match=tag), 412, "stale_version")
