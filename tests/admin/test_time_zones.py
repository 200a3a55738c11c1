"""Times are shown and typed in the reader's zone, else in the shop's; the API says UTC whoever asked before."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from crm.models.task import Task
from shop.services.update_shop import update_shop
from tests.shop.http.admin_pages import add_url, list_url, page_url, signed_in, superuser, text_of
from tests.shop.http.api_client import Caller, ok
from tests.shop.http.sent_forms import opened, save
from users.models.user import User

NINE = datetime(2027, 7, 1, 9, tzinfo=UTC)
SETTINGS = "/admin/my-settings/"


@pytest.fixture(autouse=True)
def _shop_in_kyiv(db: None) -> None:
    update_shop(changes={"time_zone": "Europe/Kyiv"})


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def live_in(zone: str) -> None:
    User.objects.filter(email="boss@example.com").update(time_zone=zone)


def send_task(boss: Client, day: str, hour: str) -> Task | None:
    """A new task by its form; None if it was refused."""
    fields = {"title": f"At {hour}", "due_at_0": day, "due_at_1": hour, "priority": "2", "repeat": "never"}
    boss.post(add_url(Task), fields)
    return Task.objects.filter(title=f"At {hour}").first()


@pytest.mark.parametrize(("zone", "shown"), [("", "2027-07-01 12:00"), ("America/New_York", "2027-07-01 05:00")])
def test_lists_and_pages_show_a_time_in_the_readers_zone_with_utc_in_its_tooltip(
    boss: Client, zone: str, shown: str
) -> None:
    live_in(zone)
    task = Task.objects.create(title="Call", due_at=NINE, done_at=NINE, assignee=User.objects.get())

    listed = boss.get(f"{list_url(Task)}?p=1").content.decode()
    page = boss.get(page_url(task)).content.decode()

    tag = f'<time datetime="2027-07-01T09:00:00+00:00" title="2027-07-01 09:00 UTC">{shown}</time>'
    assert tag in listed
    assert tag in page


def test_the_api_says_utc_after_a_page_in_another_zone(boss: Client, staff: Caller) -> None:
    task = Task.objects.create(title="Call", due_at=NINE)

    boss.get(page_url(task))

    assert staff.get(f"/tasks/{task.pk}").json()["due_at"] == "2027-07-01T09:00:00Z"
    made = staff.post("/tasks", {"title": "Later", "due_at": "2027-07-01T09:00:00+03:00"}).json()
    assert made["due_at"] == "2027-07-01T06:00:00Z"


@pytest.mark.parametrize(
    ("day", "hour", "due"),
    [
        ("2027-01-01", "09:00", "2027-01-01T07:00+00:00"),
        ("2027-07-01", "09:00", "2027-07-01T06:00+00:00"),
        ("2027-10-31", "03:30", "2027-10-31T00:30+00:00"),  # the clocks go back at four: the first of the two
        ("2027-03-28", "03:30", None),  # the clocks skip it
    ],
)
def test_what_is_typed_is_local_also_on_the_days_that_the_clocks_change(
    boss: Client, day: str, hour: str, due: str | None
) -> None:
    task = send_task(boss, day, hour)

    assert (task and task.due_at) == (due and datetime.fromisoformat(due))


@pytest.mark.parametrize("zone", ["", "America/New_York"])
def test_what_is_due_at_the_end_of_all_years_is_shown_and_kept(boss: Client, staff: Caller, zone: str) -> None:
    live_in(zone)
    ever = "9999-12-31T23:59:59Z"
    made = ok(staff.post("/tasks", {"title": "Some day", "due_at": ever, "reminder_at": ever}), 201)
    task = Task.objects.get(pk=made["id"])
    Task.objects.update(assignee=User.objects.get(email="boss@example.com"))
    url = page_url(task)

    assert "9999-12-31" in text_of(boss.get(f"{list_url(Task)}?p=1"))
    assert boss.get("/admin/").status_code == 200
    saved = save(boss, url, opened(boss, url), title="Never")

    assert saved.status_code == 302, text_of(saved)
    kept = ok(staff.get(f"/tasks/{task.pk}"))
    assert (kept["title"], kept["due_at"]) == ("Never", ever)


@pytest.mark.parametrize(("zone", "day"), [("", "0001-01-01"), ("America/New_York", "9999-12-31")])
def test_a_time_that_utc_has_no_year_for_is_refused(boss: Client, zone: str, day: str) -> None:
    live_in(zone)

    assert send_task(boss, day, "00:00" if zone == "" else "23:59") is None


def test_a_colleague_chooses_a_zone_and_no_place_that_is_none(boss: Client) -> None:
    boss.post(SETTINGS, {"time_zone": "Asia/Tokyo", "wants_digest": "on", "language": "en"})
    refused = boss.post(SETTINGS, {"time_zone": "Mars/Olympus", "language": "en"})

    assert "There is no such time zone" in text_of(refused)
    assert 'value="Mars/Olympus"' in refused.content.decode()
    user = User.objects.get()
    assert (user.time_zone, user.wants_digest) == ("Asia/Tokyo", True)


def test_the_settings_offer_places_and_say_how_far_they_are_from_utc(boss: Client) -> None:
    page = boss.get(SETTINGS).content.decode()

    assert '<option value="Asia/Tokyo">UTC+09:00</option>' in page
    assert 'placeholder="Europe/Kyiv"' in page
    assert '<option value="Europe/Kiev">' not in page
