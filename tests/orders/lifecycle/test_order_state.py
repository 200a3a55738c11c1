"""The table of states. No database."""

from itertools import pairwise, product

import pytest

from orders.states import JOURNEY, OrderStatus, Trigger, is_allowed, next_statuses, status_of_parent, steps_between

ALLOWED = {
    ("PENDING", "CONFIRMED", "payment"),
    ("PENDING", "CONFIRMED", "nothing_due"),
    ("CONFIRMED", "PROCESSING", "status"),
    ("PROCESSING", "SHIPPED", "status"),
    ("SHIPPED", "DELIVERED", "status"),
    ("CONFIRMED", "PROCESSING", "shipment"),
    ("PROCESSING", "SHIPPED", "shipment"),
    ("SHIPPED", "DELIVERED", "shipment"),
    ("PENDING", "CANCELLED", "cancel"),
    ("PENDING", "CANCELLED", "timeout"),
    ("CONFIRMED", "CANCELLED", "refund"),
    ("PROCESSING", "CANCELLED", "refund"),
    ("CANCELLED", "CONFIRMED", "late_payment"),
}


@pytest.mark.parametrize(("current", "target", "by"), product(OrderStatus.values, OrderStatus.values, Trigger.values))
def test_only_what_the_contract_lists_is_allowed(current: str, target: str, by: str) -> None:
    assert is_allowed(current, target, by=Trigger(by)) == ((current, target, by) in ALLOWED)


@pytest.mark.parametrize(("current", "by"), product(OrderStatus.values, Trigger.values))
def test_next_statuses_are_those_that_are_allowed(current: str, by: str) -> None:
    expected = {target for source, target, cause in ALLOWED if (source, cause) == (current, by)}

    assert set(next_statuses(current, by=Trigger(by))) == expected


def test_a_delivered_order_stays_delivered() -> None:
    assert not any(next_statuses("DELIVERED", by=trigger) for trigger in Trigger)


def test_what_is_no_status_goes_nowhere() -> None:
    assert not is_allowed("LOST", "FOUND", by=Trigger.STATUS)


@pytest.mark.parametrize(
    ("parts", "parent"),
    [
        (["PENDING", "PENDING"], "PENDING"),
        (["CONFIRMED", "CONFIRMED"], "CONFIRMED"),
        (["CONFIRMED", "PROCESSING"], "PROCESSING"),
        (["CONFIRMED", "DELIVERED"], "PROCESSING"),
        (["SHIPPED", "DELIVERED"], "SHIPPED"),
        (["DELIVERED", "DELIVERED"], "DELIVERED"),
        (["CANCELLED", "DELIVERED"], "DELIVERED"),
        (["CANCELLED", "CANCELLED"], "CANCELLED"),
    ],
)
def test_a_split_order_stands_where_its_parts_do(parts: list[str], parent: str) -> None:
    assert status_of_parent(parts) == status_of_parent(reversed(parts)) == parent


@pytest.mark.parametrize("before", list(product(JOURNEY, repeat=2)))
@pytest.mark.parametrize("moving", [0, 1])
def test_a_part_that_goes_on_never_takes_the_whole_back(before: tuple[str, str], moving: int) -> None:
    steps = steps_between(before[moving], "DELIVERED")
    after = list(before)
    after[moving] = steps[0] if steps else before[moving]

    way = [status_of_parent(before), *steps_between(status_of_parent(before), status_of_parent(after))]

    assert way[-1] == status_of_parent(after)
    assert all(is_allowed(*step, by=Trigger.SHIPMENT) for step in pairwise(way))
