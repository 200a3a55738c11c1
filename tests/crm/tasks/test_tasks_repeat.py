"""A task that repeats comes back when it is done, once and on its day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from crm.models.activity import Activity
from crm.models.task import Task
from crm.tasks.recurrence import next_due
from tests.shop.http.admin_pages import page_url, signed_in, superuser
from tests.shop.http.deal_pages import opened
from tests.shop.people import Buyer, make_buyer


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


@pytest.fixture
def buyer(db: None) -> Buyer:
    return make_buyer()


@pytest.mark.parametrize(
    ("repeat", "due", "done", "comes_back"),
    [
        ("daily", "2026-03-02", "2026-03-02", "2026-03-03"),
        ("daily", "2026-03-02", "2026-03-05", "2026-03-06"),
        ("weekly", "2026-03-02", "2026-02-20", "2026-03-09"),
        ("monthly", "2026-01-31", "2026-01-31", "2026-02-28"),
        ("monthly", "2026-12-15", "2026-12-15", "2027-01-15"),
        ("monthly", "2026-01-15", "2026-05-20", "2026-06-15"),
        ("yearly", "2026-03-01", "2026-03-01", "2027-03-01"),
        ("yearly", "2026-03-01", "2029-02-01", "2029-03-01"),
        ("yearly", "2024-02-29", "2024-02-29", "2025-02-28"),
        ("never", "2026-01-15", "2026-01-15", None),
    ],
)
def test_a_task_comes_back_on_its_next_day(repeat: str, due: str, done: str, comes_back: str | None) -> None:
    nine, noon = (datetime.fromisoformat(f"{day}T{hour}:00+00:00") for day, hour in ((due, "09"), (done, "12")))

    following = next_due(nine, repeat, noon, zone=ZoneInfo("UTC"))

    assert (following and f"{following:%Y-%m-%d}") == comes_back


def test_a_done_task_is_told_and_comes_back_once(boss: Client, buyer: Buyer) -> None:
    task = Task.objects.create(
        title="Call back",
        deal=opened(buyer),
        due_at=datetime.now(UTC),
        reminder_at=datetime.now(UTC) - timedelta(hours=1),
        repeat="weekly",
        assignee_id=buyer.actor.user_id,
    )

    boss.post(page_url(task, "complete"))
    boss.post(page_url(task, "complete"))

    following = Task.objects.get(done_at=None)
    assert (following.assignee_id, following.repeat) == (buyer.actor.user_id, "weekly")
    assert (following.due_at, following.reminder_at) == (_a_week_after(task.due_at), _a_week_after(task.reminder_at))
    assert Activity.objects.filter(subject="Task done: Call back", customer=buyer.customer).count() == 1


@pytest.mark.parametrize(
    ("repeat", "first", "then"),
    [
        ("monthly", "2027-01-31", ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]),
        ("monthly", "2028-01-30", ["2028-02-29", "2028-03-30", "2028-04-30"]),
        ("monthly", "2027-01-29", ["2027-02-28", "2027-03-29"]),
        ("yearly", "2096-02-29", ["2097-02-28", "2098-02-28", "2099-02-28", "2100-02-28", "2101-02-28"]),
        ("yearly", "2028-02-29", ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]),
    ],
)
def test_a_day_that_a_short_month_lacks_comes_back(boss: Client, repeat: str, first: str, then: list[str]) -> None:
    Task.objects.create(title="Pay the rent", due_at=f"{first}T09:00:00Z", repeat=repeat)

    days = []
    for _ in then:
        boss.post(page_url(Task.objects.get(done_at=None), "complete"))
        days.append(f"{Task.objects.get(done_at=None).due_at:%Y-%m-%d}")

    assert days == then


def test_a_task_that_was_moved_to_another_day_keeps_that_one(boss: Client) -> None:
    Task.objects.create(title="Pay the rent", due_at="2027-01-31T09:00:00Z", repeat="monthly")
    boss.post(page_url(Task.objects.get(done_at=None), "complete"))

    Task.objects.filter(done_at=None).update(due_at="2027-02-27T09:00:00Z")
    boss.post(page_url(Task.objects.get(done_at=None), "complete"))

    assert f"{Task.objects.get(done_at=None).due_at:%Y-%m-%d}" == "2027-03-27"


def _a_week_after(moment: datetime | None) -> datetime | None:
    return moment and moment + timedelta(days=7)
