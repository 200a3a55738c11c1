"""A colleague's open tasks in a calendar program, by a secret address and without a session."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from icalendar import Calendar

from crm.models.task import Task
from tests.shop.http.admin_pages import signed_in, text_of
from tests.shop.people import CustomerFactory, StaffFactory
from users.models.user import User

NOON = datetime(2031, 3, 5, 12, tzinfo=UTC)
SETTINGS = "/admin/my-settings/"


@pytest.fixture
def user(db: None) -> User:
    user = StaffFactory.create()
    user.user_permissions.add(Permission.objects.get(codename="view_task"))
    return user


def address(user: User) -> str:
    """A new one, from the only page that shows it."""
    page = signed_in(user).post(SETTINGS, {"make": "1"})
    (shown,) = re.findall(r"/calendar/[^<\s]+\.ics", page.content.decode())
    return str(shown)


def events(client: Client, url: str) -> list[Any]:
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_open_tasks_with_a_due_time_are_events_with_an_alarm(client: Client, user: User) -> None:
    customer = CustomerFactory.create(name="Bell, Ann; Sons")
    task = Task.objects.create(
        title="Ring\nAnn", assignee=user, customer=customer, due_at=NOON, reminder_at=NOON.replace(hour=11), priority=1
    )
    Task.objects.create(title="Some day", assignee=user)
    Task.objects.create(title="Done", assignee=user, due_at=NOON, done_at=NOON)
    Task.objects.create(title="Another's", assignee=StaffFactory.create(), due_at=NOON)

    (event,) = events(client, address(user))

    assert (event["uid"], event["summary"]) == (f"task-{task.pk}@kontor", "Ring\nAnn")
    assert event["description"] == "Bell, Ann; Sons"
    assert event["dtstart"].dt == NOON
    (alarm,) = event.walk("VALARM")
    assert alarm["trigger"].dt == NOON.replace(hour=11)


def test_the_address_is_made_shown_once_renewed_and_revoked(client: Client, user: User) -> None:
    first = address(user)
    assert "/calendar/" not in text_of(signed_in(user).get(SETTINGS))
    assert "Make a new address" in text_of(signed_in(user).get(SETTINGS))
    second = address(user)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200

    signed_in(user).post(SETTINGS, {"revoke": "1"})

    assert client.get(second).status_code == 404
    assert "Make an address" in text_of(signed_in(user).get(SETTINGS))


def test_only_a_hash_of_the_address_is_kept_and_none_itself(client: Client, user: User) -> None:
    secret = address(user).removeprefix("/calendar/").removesuffix(".ics")

    stored = User.objects.values().get(pk=user.pk)

    assert not any(secret in str(value) for value in stored.values())
    assert client.get(f"/calendar/{stored['calendar_token_hash']}.ics").status_code == 404


@pytest.mark.parametrize("token", ["x", "None", "%00", "a" * 43, "a" * 500, "é"])
def test_a_wrong_address_is_not_found(client: Client, user: User, token: str) -> None:
    assert client.get(f"/calendar/{token}.ics").status_code == 404


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_who_left_has_no_calendar(client: Client, user: User, change: dict[str, bool]) -> None:
    url = address(user)
    User.objects.filter(pk=user.pk).update(**change)

    assert client.get(url).status_code == 404


def test_who_may_no_longer_see_tasks_has_no_calendar(client: Client, user: User) -> None:
    url = address(user)
    user.user_permissions.clear()

    assert client.get(url).status_code == 404


def test_what_has_not_changed_is_not_sent_again(client: Client, user: User) -> None:
    url = address(user)
    Task.objects.create(title="Stays", assignee=user, due_at=NOON)
    task = Task.objects.create(title="Goes", assignee=user, due_at=NOON)
    first = client.get(url)
    assert "Last-Modified" in first

    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    Task.objects.filter(pk=task.pk).update(done_at=NOON)
    changed = client.get(url, headers={"If-None-Match": first["ETag"], "If-Modified-Since": first["Last-Modified"]})
    assert changed.status_code == 200
    assert b"Goes" not in changed.content


def test_guessing_is_slow(client: Client, user: User) -> None:
    codes = {client.get(f"/calendar/{'guess' * 8}{n}.ics").status_code for n in range(31)}

    assert codes == {404, 429}
    assert client.post(f"/calendar/{'x' * 43}.ics").status_code == 405
