"""How long stock is held, by the shop's policies, and putting it off."""

from datetime import datetime
from typing import Any

import pytest

from catalog.models.variant import Variant
from orders.models.hold_policy import HoldPolicy
from tests.shop.goods import for_sale, make_seller, make_variant, stock_at
from tests.shop.http.api_client import Caller, ok, refused
from tests.shop.http.order_actions import audit_is_clean, expire, make_overdue
from users.models.customer import Customer
from users.models.customer_group import CustomerGroup


@pytest.fixture
def lamp(db: None) -> Variant:
    return for_sale(on_hand=9)


@pytest.fixture
def club(customer: Customer) -> CustomerGroup:
    """A group that the buyer is in."""
    group = CustomerGroup.objects.create(name="Club")
    Customer.objects.filter(pk=customer.pk).update(group=group)
    return group


def extend(caller: Caller, order: dict[str, Any], **body: Any) -> Any:
    return caller.post(f"/orders/{order['id']}/extension", body)


def minutes(order: dict[str, Any], since: str = "created_at") -> float:
    start, end = (datetime.fromisoformat(order[name]) for name in (since, "payment_expires_at"))
    return (end - start).total_seconds() / 60


def test_without_a_policy_the_deadline_is_put_off_once(staff: Caller, order_for: Any, lamp: Variant) -> None:
    order = ok(staff.place(order_for((lamp, 2))), 201)

    extended = ok(extend(staff, order, reason="the bank is slow"))

    assert minutes(extended) == 30
    assert {hold["expires_at"] for hold in extended["reservations"]} == {extended["payment_expires_at"]}
    event = extended["events"][-1]
    assert (event["kind"], event["reason"], event["data"]["minutes"]) == ("extended", "the bank is slow", 15)
    assert refused(extend(staff, order), 409, "extension_limit")["max_extensions"] == 1
    assert staff.read(order) == extended
    audit_is_clean()


def test_the_groups_policy_counts_before_the_one_for_all(
    staff: Caller, order_for: Any, lamp: Variant, club: CustomerGroup
) -> None:
    HoldPolicy.objects.create(minutes=20)
    HoldPolicy.objects.create(minutes=60, customer_group=club, max_extensions=2, extension_minutes=45)

    order = ok(staff.place(order_for((lamp, 1))), 201)

    assert minutes(order) == 60
    assert [minutes(ok(extend(staff, order))) for _ in range(2)] == [105, 150]
    refused(extend(staff, order), 409, "extension_limit")


# Whose group a policy is for, and which payment method: the most telling first.
TELLING = [("own", "card"), ("own", ""), ("all", "card"), ("all", "")]
FITS_NOT = [("other", "card"), ("other", ""), ("own", "invoice"), ("all", "invoice")]


@pytest.mark.parametrize("method", ["card", ""])
def test_of_any_policies_the_same_one_counts_when_placing_and_when_putting_off(
    staff: Caller, order_for: Any, club: CustomerGroup, method: str
) -> None:
    groups = {"own": club, "other": CustomerGroup.objects.create(name="Others"), "all": None}
    lamp = for_sale(on_hand=99)
    for chosen in range(2 ** len(TELLING)):
        HoldPolicy.objects.all().delete()
        kept = [case for place, case in enumerate(TELLING) if chosen >> place & 1]
        minutes_of = {case: 20 + place for place, case in enumerate([*kept, *FITS_NOT])}
        for (group, of_method), length in minutes_of.items():
            HoldPolicy.objects.create(
                customer_group=groups[group], payment_method=of_method, minutes=length, extension_minutes=100 + length
            )
        counts = next((minutes_of[case] for case in kept if case[1] in ("", method)), None)

        order = ok(staff.place(order_for((lamp, 1), **({"payment_method": method} if method else {}))), 201)
        extended = ok(extend(staff, order))

        assert minutes(order) == (counts or 15), kept
        assert minutes(extended) - minutes(order) == (100 + counts if counts else 15), kept


def test_a_policy_may_forbid_extensions_or_hold_for_ever(
    staff: Caller, order_for: Any, lamp: Variant, club: CustomerGroup
) -> None:
    policy = HoldPolicy.objects.create(minutes=20, max_extensions=0)
    first = ok(staff.place(order_for((lamp, 1))), 201)
    assert minutes(first) == 20
    refused(extend(staff, first), 409, "extension_limit")

    HoldPolicy.objects.filter(pk=policy.pk).update(minutes=0)
    for_ever = ok(staff.place(order_for((lamp, 1))), 201)

    assert for_ever["payment_expires_at"] is None
    refused(extend(staff, for_ever), 409, "nothing_to_extend")


def test_what_is_overdue_is_not_revived_swept_or_not(staff: Caller, order_for: Any, lamp: Variant) -> None:
    order = ok(staff.place(order_for((lamp, 2))), 201)
    make_overdue(order)
    refused(extend(staff, order), 409, "reservation_expired")

    expire(order)
    refused(extend(staff, order), 409, "reservation_expired")

    assert staff.read(order)["status"] == "CANCELLED"


def test_what_is_paid_or_cancelled_waits_for_nothing(staff: Caller, order_for: Any, lamp: Variant) -> None:
    paid, gone = (ok(staff.place(order_for((lamp, 1))), 201) for _ in range(2))
    staff.pay(paid)
    staff.delete(f"/orders/{gone['id']}")

    refused(extend(staff, paid), 409, "nothing_to_extend")
    refused(extend(staff, gone), 409, "nothing_to_extend")


def test_a_split_order_is_put_off_as_a_whole(staff: Caller, order_for: Any, lamp: Variant) -> None:
    cup = make_variant()
    stock_at(cup, 5, make_seller("North", priority=5))
    order = ok(staff.place(order_for((lamp, 1), (cup, 1))), 201)
    refused(extend(staff, order["sub_orders"][0]), 409, "is_sub_order")

    extended = ok(extend(staff, order))

    assert minutes(extended) == 30
    assert {hold["expires_at"] for hold in extended["reservations"]} == {extended["payment_expires_at"]}
    assert staff.read(order["sub_orders"][0])["payment_expires_at"] is None
    audit_is_clean()


def test_the_buyer_puts_its_own_off_and_nobody_elses(
    buyer: Caller, other_buyer: Caller, staff: Caller, order_for: Any, lamp: Variant
) -> None:
    order = ok(staff.place(order_for((lamp, 1))), 201)

    refused(extend(other_buyer, order), 404, "order_not_found")
    refused(extend(buyer, order, until="never"), 400, "invalid")
    refused(extend(buyer, order, version=7), 412, "stale_version")
    assert minutes(ok(extend(buyer, order, version=1))) == 30
