"""Two order services meet: in whatever order PostgreSQL gets their statements, it ends as if one had come first.

A few pairs here; `make interleavings` tries them all.
"""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.orders.services.meetings import Meeting, Meetings, all_meetings

PAIRS = [
    Meeting(("place", "place"), ("waiting", "waiting")),
    Meeting(("place", "cancel"), ("waiting", "waiting")),
    Meeting(("place", "pay"), ("waiting", "waiting"), free=0, is_overdue=True),
    Meeting(("pay", "cancel"), ("waiting", "waiting")),
    Meeting(("pay", "expire"), ("waiting", "waiting"), is_overdue=True),
    Meeting(("refund", "cancel_paid"), ("paid", "paid")),
]


@pytest.fixture
def pairs(transactional_db: None, each_alone: None, settings: Any) -> Iterator[Meetings]:
    settings.STOCK_RETRY_BACKOFF_MS = 1
    stepped = Meetings()
    yield stepped
    stepped.close()


@pytest.mark.parametrize("meeting", PAIRS, ids=str)
def test_whatever_comes_first_statement_by_statement_it_ends_as_if_one_service_had(
    pairs: Meetings, meeting: Meeting
) -> None:
    explored = pairs.explore(meeting)

    assert explored.faults == []
    assert explored.is_whole
    assert explored.orders > 1


@pytest.mark.interleavings
def test_so_it_is_for_every_pair_of_services(pairs: Meetings, capsys: pytest.CaptureFixture[str]) -> None:
    services, orders, faults = set(), 0, []

    for meeting in all_meetings():
        explored = pairs.explore(meeting)
        services.add(meeting.services)
        orders += explored.orders
        faults += explored.faults + ([] if explored.is_whole else [f"{meeting}: not explored whole"])
        with capsys.disabled():
            sys.stdout.write(f"\n{explored.orders:6,} orders of steps, {len(explored.faults)} wrong: {meeting}")

    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(services)} pairs of services, {orders:,} orders of their steps, {len(faults)} wrong.\n"
        )
    assert faults == []
