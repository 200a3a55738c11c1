"""PATCH /orders/{id}/status: the state machine, and who may drive it from which version."""

from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest

from tests.shop.database.traces import nothing_changes
from tests.shop.goods import for_sale
from tests.shop.http.api_client import Caller, machine, ok, pointers, refused
from tests.shop.http.order_actions import expire

STATUSES = ("PENDING", "CONFIRMED", "PROCESSING", "SHIPPED", "DELIVERED", "CANCELLED")
STEPS = ("CONFIRMED", "PROCESSING", "SHIPPED", "DELIVERED")


@pytest.fixture
def order(staff: Caller, order_for: Any) -> dict[str, Any]:
    return ok(staff.place(order_for((for_sale(), 2))), 201)


def move(caller: Caller, order: dict[str, Any], status: Any, *, if_match: str | None = None, **body: Any) -> Any:
    headers = {} if if_match is None else {"if_match": if_match}
    return caller.patch(f"/orders/{order['id']}/status", {"status": status, **body}, **headers)


def bring_to(staff: Caller, order: dict[str, Any], status: str) -> dict[str, Any]:
    """The order in that status."""
    if status == "CANCELLED":
        return ok(staff.delete(f"/orders/{order['id']}"))
    if status != "PENDING":
        ok(staff.pay(order))
        for step in STEPS[1 : STEPS.index(status) + 1]:
            ok(move(staff, order, step))
    return staff.read(order)


def test_a_paid_order_goes_on_step_by_step(staff: Caller, order: dict[str, Any]) -> None:
    paid = ok(staff.pay(order))

    for number, (before, after) in enumerate(pairwise(STEPS), start=1):
        answer = move(staff, order, after, reason=f"step {number}")

        moved = ok(answer)
        assert (moved["status"], moved["payment_status"]) == (after, "PAID")
        assert {item["status"] for item in moved["items"]} == {after}
        assert answer["ETag"] == f'"{paid["version"] + number}"'
        event = moved["events"][-1]
        assert (event["kind"], event["from_status"], event["to_status"]) == ("status_changed", before, after)
        assert (event["reason"], event["actor"]) == (f"step {number}", str(staff.user.pk))


@pytest.mark.parametrize("current", STATUSES)
@pytest.mark.parametrize("target", STATUSES)
def test_any_other_step_is_refused(staff: Caller, order: dict[str, Any], current: str, target: str) -> None:
    there = bring_to(staff, order, current)
    if (current, target) in set(pairwise(STEPS)):
        ok(move(staff, order, target))
        return

    with nothing_changes():
        refused(move(staff, order, target), 409, "invalid_transition")

    assert staff.read(order) == there


@pytest.mark.parametrize("target", STATUSES)
def test_an_order_that_timed_out_goes_nowhere_by_status(staff: Caller, order: dict[str, Any], target: str) -> None:
    expire(order)

    with nothing_changes():
        refused(move(staff, order, target), 409, "invalid_transition")


def test_the_version_that_was_read_lets_it_pass(staff: Caller, order: dict[str, Any]) -> None:
    paid = ok(staff.pay(order))

    processing = ok(move(staff, order, "PROCESSING", if_match=f'"{paid["version"]}"'))
    shipped = ok(move(staff, order, "SHIPPED", version=processing["version"]))
    ok(move(staff, order, "DELIVERED", if_match="*"))

    assert shipped["version"] == paid["version"] + 2


def test_a_stale_version_is_refused(staff: Caller, order: dict[str, Any]) -> None:
    paid = ok(staff.pay(order))
    stale = order["version"]

    with nothing_changes():
        by_header = refused(move(staff, order, "PROCESSING", if_match=f'"{stale}"'), 412, "stale_version")
        by_body = refused(move(staff, order, "PROCESSING", version=stale), 412, "stale_version")

    assert by_header["version"] == by_body["version"] == paid["version"]


@pytest.mark.parametrize("tag", ['W/"2"', '"1", W/"2", "one"', '"one"', '"-2"', '"2,1"', '""', '"' + "9" * 400 + '"'])
def test_a_tag_that_the_order_does_not_have_is_stale(staff: Caller, order: dict[str, Any], tag: str) -> None:
    """RFC 9110, 13.1.1: a weak tag fits nothing, and others' tags are tags as well."""
    assert ok(staff.pay(order))["version"] == 2

    with nothing_changes():
        problem = refused(move(staff, order, "PROCESSING", if_match=tag), 412, "stale_version")

    assert problem["version"] == 2


@pytest.mark.parametrize(
    "tags", ['"1", "2"', '"2","1"', '"one" , "2" ,', ', W/"1",,"2"', '"2-0123456789abcdef01234567", "7"']
)
def test_any_tag_of_a_list_will_do(staff: Caller, order: dict[str, Any], tags: str) -> None:
    ok(staff.pay(order))

    ok(move(staff, order, "PROCESSING", if_match=tags))

    refused(move(staff, order, "SHIPPED", if_match=tags), 412, "stale_version")


def test_a_version_in_the_body_is_one_of_the_list(staff: Caller, order: dict[str, Any]) -> None:
    ok(staff.pay(order))

    other = move(staff, order, "PROCESSING", if_match='"1", "2"', version=3)

    assert pointers(refused(other, 400, "invalid")) == ["/version"]
    refused(move(staff, order, "PROCESSING", if_match='"1", "2"', version=1), 412, "stale_version")
    ok(move(staff, order, "PROCESSING", if_match='"1", "2"', version=2))


@pytest.mark.parametrize("tag", ["1", "one", "W/1", '"1', '"1" "2"', '*, "2"', 'w/"2"', ""])
def test_what_is_no_tag_is_refused(staff: Caller, order: dict[str, Any], tag: str) -> None:
    ok(staff.pay(order))

    with nothing_changes():
        assert ok(move(staff, order, "PROCESSING", if_match=tag), 400)["code"] == "invalid"


def test_a_header_and_a_body_that_disagree_are_refused(staff: Caller, order: dict[str, Any]) -> None:
    paid = ok(staff.pay(order))

    with nothing_changes():
        answer = move(staff, order, "PROCESSING", if_match=f'"{paid["version"]}"', version=1)

    assert pointers(refused(answer, 400, "invalid")) == ["/version"]


BAD: dict[str, tuple[Any, list[str]]] = {
    "no status": ({}, ["/status"]),
    "an unknown status": ({"status": "LOST"}, ["/status"]),
    "lower case": ({"status": "shipped"}, ["/status"]),
    "a number": ({"status": 3}, ["/status"]),
    "null": ({"status": None}, ["/status"]),
    "a long reason": ({"status": "PROCESSING", "reason": "r" * 201}, ["/reason"]),
    "a reason with NUL": ({"status": "PROCESSING", "reason": "a\0"}, ["/reason"]),
    "a negative version": ({"status": "PROCESSING", "version": -1}, ["/version"]),
    "a text for a version": ({"status": "PROCESSING", "version": "2"}, ["/version"]),
    "true for a version": ({"status": "PROCESSING", "version": True}, ["/version"]),
    "an unknown field": ({"status": "PROCESSING", "total": "0"}, ["/total"]),
    "a list": (["PROCESSING"], [""]),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_request_is_refused(staff: Caller, order: dict[str, Any], name: str) -> None:
    ok(staff.pay(order))
    body, where = BAD[name]

    with nothing_changes():
        problem = refused(staff.patch(f"/orders/{order['id']}/status", body), 400, "invalid")

    assert pointers(problem) == where


def test_an_endless_version_is_stale(staff: Caller, order: dict[str, Any]) -> None:
    ok(staff.pay(order))

    with nothing_changes():
        refused(move(staff, order, "PROCESSING", version=10**40), 412, "stale_version")


def test_only_staff_and_keys_with_the_scope_move_orders(
    staff: Caller, buyer: Caller, till: Caller, order: dict[str, Any]
) -> None:
    ok(staff.pay(order))

    with nothing_changes():
        refused(move(buyer, order, "PROCESSING"), 403, "permission_denied")
        refused(move(machine(staff.user, "payments:write"), order, "PROCESSING"), 403, "missing_scope")
        refused(move(Caller(), order, "PROCESSING"), 401, "not_authenticated")

    ok(move(till, order, "PROCESSING"))


def test_an_order_that_is_not_there_cannot_be_moved(staff: Caller, db: None) -> None:
    refused(move(staff, {"id": uuid4()}, "PROCESSING"), 404, "order_not_found")
    refused(move(staff, {"id": "nonsense"}, "PROCESSING"), 404, "not_found")
