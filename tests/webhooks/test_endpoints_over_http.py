"""Endpoints over the API: what is taken, what is shown, and to whom."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.shop.http.api_client import Caller, login, machine, ok, refused
from tests.shop.people import SuperuserFactory
from tests.webhooks.endpoints import endpoint_at, read
from users.models.api_key import Scope
from users.models.user import User
from users.services.revoke_api_key import revoke_api_key
from webhooks.endpoints.secrets import unseal
from webhooks.models.endpoint import Endpoint
from webhooks.services.save_endpoint import create_endpoint

pytestmark = pytest.mark.django_db
URL = "https://example.com/hook"
LISTENS = (Scope.EVENTS_READ, Scope.WEBHOOKS_WRITE)


def test_the_secret_is_shown_once_and_kept_encrypted(staff: Caller) -> None:
    made = endpoint_at(staff, URL, "order.*", "order.*", "stock.changed", include="object", description="ERP")

    assert made["secret"].startswith("whsec_")
    kept = Endpoint.objects.get(pk=made["id"])
    assert unseal(kept.secret) == made["secret"]
    assert made["secret"].removeprefix("whsec_") not in str(vars(kept))
    shown = read(staff, made)
    assert "secret" not in shown
    assert (shown["types"], shown["include"], shown["state"]) == (["order.*", "stock.changed"], "object", "enabled")
    assert ok(staff.get("/webhook-endpoints"))["results"] == [shown]


def test_a_request_sent_again_makes_one_endpoint_and_does_not_show_the_secret_again(staff: Caller) -> None:
    body = {"url": URL, "types": ["*"]}
    first = ok(staff.post("/webhook-endpoints", body, idempotency_key="one"), 201)
    again = staff.post("/webhook-endpoints", body, idempotency_key="one")

    assert again["Idempotent-Replayed"] == "true"
    assert ok(again, 201) == {name: value for name, value in first.items() if name != "secret"}
    refused(
        staff.post("/webhook-endpoints", body | {"types": ["order.*"]}, idempotency_key="one"),
        422,
        "idempotency_key_reused",
    )


def test_a_change_by_what_was_read_before_another_one_is_stale(staff: Caller) -> None:
    path = f"/webhook-endpoints/{endpoint_at(staff, URL)['id']}"
    tag = staff.get(path)["ETag"]

    ok(staff.patch(path, {"types": ["order.paid"]}, if_match=tag))

    refused(staff.patch(path, {"types": ["*"]}, if_match=tag), 412, "stale_version")
    assert ok(staff.get(path))["types"] == ["order.paid"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"url": "http://example.com/", "types": ["*"]}, "/url"),
        ({"url": "https://10.0.0.1/", "types": ["*"]}, "/url"),
        ({"url": "https://exämple.com/", "types": ["*"]}, "/url"),
        ({"url": "https://example.com/" + "a" * 2_000, "types": ["*"]}, "/url"),
        ({"url": 5, "types": ["*"]}, "/url"),
        ({"url": URL, "types": []}, "/types"),
        ({"url": URL, "types": ["order.*", "order.sung"]}, "/types/1"),
        ({"url": URL, "types": "order.*"}, "/types"),
        ({"url": URL}, "/types"),
        ({"url": URL, "types": ["*"], "include": "all"}, "/include"),
        ({"url": URL, "types": ["*"], "secret": "whsec_"}, "/secret"),
        ({"url": URL, "types": ["*"], "state": "enabled"}, "/state"),
    ],
)
def test_what_is_wrong_is_named(staff: Caller, body: dict[str, Any], pointer: str) -> None:
    problem = refused(staff.post("/webhook-endpoints", body), 400, "invalid")

    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert not Endpoint.objects.exists()


@pytest.mark.parametrize(
    ("after", "status", "code"), [(10**12, 400, "invalid"), (-1, 400, "invalid"), ("x", 400, "invalid")]
)
def test_a_position_that_there_was_not_is_refused(staff: Caller, after: Any, status: int, code: str) -> None:
    made = endpoint_at(staff, URL)

    refused(staff.post(f"/webhook-endpoints/{made['id']}/replay", {"after": after}), status, code)


def in_role(role: str, *more: str) -> Caller:
    user = User.objects.create_user(f"{role}{User.objects.count()}@example.com", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    for codename in more:
        user.user_permissions.add(Permission.objects.get(codename=codename, content_type__app_label="webhooks"))
    return login(user)


def test_a_role_needs_the_right_and_a_key_the_scope(staff: Caller, buyer: Caller, visitor: Caller) -> None:
    body = {"url": URL, "types": ["*"]}
    for role in ("sales", "warehouse", "finance", "seller"):
        refused(in_role(role).post("/webhook-endpoints", body), 403, "permission_denied")
    ok(in_role("manager").post("/webhook-endpoints", body), 201)
    boss = SuperuserFactory.create()
    ok(machine(boss, *LISTENS).post("/webhook-endpoints", body), 201)
    for scope in LISTENS:
        refused(machine(boss, scope).post("/webhook-endpoints", body), 403, "missing_scope")
    refused(buyer.post("/webhook-endpoints", body), 403, "permission_denied")
    refused(visitor.post("/webhook-endpoints", body), 401, "not_authenticated")


def test_nobody_leads_what_somebody_else_may_see_to_an_address_of_theirs(staff: Caller) -> None:
    of_the_boss, elsewhere = endpoint_at(staff, URL), {"url": "https://example.org/"}
    path = f"/webhook-endpoints/{of_the_boss['id']}"
    manager = in_role("manager")
    assert ok(manager.get(path))["url"] == URL
    for answer in (
        manager.patch(path, elsewhere),
        manager.delete(path),
        *(
            manager.post(f"{path}/{name}", body)
            for name, body in (("rotate", None), ("test", None), ("replay", {"after": 0}))
        ),
    ):
        refused(answer, 403, "permission_denied")
    key = machine(staff.user, *LISTENS)
    refused(key.patch(path, elsewhere), 404, "not_found")
    wide = machine(staff.user, *LISTENS, Scope.ORDERS_READ)
    of_the_wide = endpoint_at(wide, URL)
    refused(key.patch(f"/webhook-endpoints/{of_the_wide['id']}", elsewhere), 404, "not_found")
    assert ok(key.get("/webhook-endpoints"))["results"] == []
    of_the_key = endpoint_at(key, URL)
    assert [one["id"] for one in ok(wide.get("/webhook-endpoints"))["results"]] == [of_the_key["id"], of_the_wide["id"]]


def test_a_key_of_every_scope_sees_what_its_owner_made_signed_in(staff: Caller) -> None:
    """It gets no less than the owner; one that lacks a scope may be sent what it may not read."""
    made, others = endpoint_at(staff, URL), endpoint_at(in_role("manager"), URL)
    every = [scope for scope in Scope.values if scope != Scope.MCP]
    path = f"/webhook-endpoints/{made['id']}"

    key = machine(staff.user, *every)

    assert [one["id"] for one in ok(key.get("/webhook-endpoints"))["results"]] == [made["id"]]
    assert ok(key.patch(path, {"description": "ours"}))["description"] == "ours"
    assert ok(key.get(f"{path}/deliveries"))["results"] == []
    refused(key.get(f"/webhook-endpoints/{others['id']}"), 404, "not_found")
    for scope in every:
        fewer = machine(staff.user, *{*every, Scope.MCP} - {scope} | {Scope.WEBHOOKS_WRITE, Scope.EVENTS_READ})
        expected = 200 if scope in LISTENS else 404
        assert fewer.get(path).status_code == expected, scope


def test_a_sellers_people_see_their_own_endpoints(staff: Caller) -> None:
    endpoint_at(staff, URL)
    seller = in_role("seller", "view_endpoint", "add_endpoint", "change_endpoint")
    own = endpoint_at(seller, URL)

    assert [one["id"] for one in ok(seller.get("/webhook-endpoints"))["results"]] == [own["id"]]
    ok(seller.patch(f"/webhook-endpoints/{own['id']}", {"description": "ours"}))


def test_an_endpoint_is_paused_while_its_owner_or_key_may_not_sign_in(staff: Caller) -> None:
    owner = SuperuserFactory.create()
    key = machine(owner, *LISTENS)
    of_the_key, of_the_owner = endpoint_at(key, URL), endpoint_at(login(owner), URL)
    revoke_api_key(api_key=key.api_key)
    assert read(staff, of_the_key)["state"] == "paused"
    assert read(staff, of_the_owner)["state"] == "enabled"

    User.objects.filter(pk=owner.pk).update(is_active=False)

    assert read(staff, of_the_owner)["state"] == "paused"


def test_a_key_that_may_not_read_events_has_none_sent(staff: Caller) -> None:
    """Nor does one that made its endpoint when that was not asked for."""
    key = machine(staff.user, Scope.WEBHOOKS_WRITE)
    made, _ = create_endpoint(owner=staff.user, url=URL, types=["*"], api_key_id=key.api_key.pk)
    path = f"/webhook-endpoints/{made.pk}"

    assert ok(key.get(path))["state"] == "paused"
    for answer in (
        key.patch(path, {"types": ["order.*"]}),
        key.post(f"{path}/test", None),
        key.post(f"{path}/replay", {"after": 0}),
    ):
        refused(answer, 403, "missing_scope")
    ok(key.post(f"{path}/rotate", None))
    assert key.delete(path).status_code == 204


def test_a_change_and_a_state_are_one_change(staff: Caller) -> None:
    made, elsewhere = endpoint_at(staff, URL), {"url": "https://example.org/", "state": "disabled"}
    path = f"/webhook-endpoints/{made['id']}"

    with CaptureQueriesContext(connection) as statements:
        changed = ok(staff.patch(path, elsewhere))

    assert {name: changed[name] for name in elsewhere} == elsewhere
    assert len([one for one in statements if "FOR NO KEY UPDATE" in one["sql"]]) == 1, "somebody may come in between"
    assert ok(staff.patch(path, {"url": URL, "state": "enabled"}))["disabled_reason"] == ""
    refused(staff.patch(path, {"url": "http://example.org/", "state": "disabled"}), 400, "invalid")
    assert (read(staff, made)["url"], read(staff, made)["state"]) == (URL, "enabled")
