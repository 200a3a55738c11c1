"""The table of states. No database."""

from itertools import product

import pytest

from orders.order_state import OrderStatus, Trigger, is_allowed, next_statuses

ALLOWED = {
    ("PENDING", "CONFIRMED", "payment"),
    ("CONFIRMED", "PROCESSING", "status"),
    ("PROCESSING", "SHIPPED", "status"),
    ("SHIPPED", "DELIVERED", "status"),
    ("PENDING", "CANCELLED", "cancel"),
    ("PENDING", "CANCELLED", "timeout"),
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
