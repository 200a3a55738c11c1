"""A day is the shop's: from its midnight to its next, whoever looks, also when the clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from crm.dashboard.order_lists import orders_url
from crm.mail.drafts import values_for
from crm.models.task import Task
from crm.reads.sales import sales_since
from crm.services.tasks.complete_task import complete_task
from crm.services.tasks.queue_digests import queue_digests
from orders.models.order import Order
from orders.models.sales import DailySales
from orders.services.invoices.issue_invoice import issue_invoice
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.upkeep.refresh_sales import refresh_sales
from shared.actor import SYSTEM
from shared.clock import bounds_of_days
from shop.services.update_shop import update_shop
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import list_url, signed_in, superuser
from tests.shop.orders import order_of
from tests.shop.people import StaffFactory, make_buyer
from users.models.user import User

KYIV = ZoneInfo("Europe/Kyiv")


@pytest.fixture(autouse=True)
def _shop_in_kyiv(db: None) -> None:
    update_shop(changes={"time_zone": "Europe/Kyiv"})


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def kyiv(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KYIV)


def placed_at(*moments: datetime) -> list[Order]:
    buyer, level = make_buyer(), make_level(on_hand=50)
    return [order_of(buyer, (level, 1), now=moment) for moment in moments]


def found(client: Client, query: str) -> set[str]:
    """The numbers of the orders that the list shows."""
    shown = client.get(f"{list_url(Order)}?{query}").content.decode()
    return {order.number for order in Order.objects.all() if f">{order.number}<" in shown}


@pytest.mark.parametrize("is_kept", [False, True])
def test_an_order_after_the_shops_midnight_is_sold_on_the_new_day(is_kept: bool) -> None:
    placed_at(kyiv("2026-10-25T00:00"), kyiv("2026-10-25T23:59"), kyiv("2026-10-26T00:00"))
    if is_kept:
        refresh_sales()

    days = {day.day.isoformat(): day.placed for day in sales_since(kyiv("2026-10-01").date()).days}

    assert days == {"2026-10-25": 2, "2026-10-26": 1}  # the first has 25 hours


def test_kept_sums_follow_the_shop_into_another_zone() -> None:
    placed_at(kyiv("2026-10-10T00:30"))
    refresh_sales()
    assert [f"{row.day}" for row in DailySales.objects.all()] == ["2026-10-10"]

    update_shop(changes={"time_zone": "America/New_York"})
    refresh_sales()

    assert [f"{row.day}" for row in DailySales.objects.all()] == ["2026-10-09"]


def test_an_invoice_of_new_years_night_belongs_to_the_new_year() -> None:
    (order,) = placed_at(kyiv("2026-12-31T23:50"))
    confirm_payment(order_id=order.pk, actor=SYSTEM, now=kyiv("2026-12-31T23:55"))

    invoice = issue_invoice(order_id=order.pk, actor=SYSTEM, now=kyiv("2027-01-01T00:30")).invoice

    assert invoice.number == "INV-2027-000001"
    assert (invoice.content["date"], invoice.content["ordered_on"]) == ("2027-01-01", "2026-12-31")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("created_at_from_0=2026-10-01&created_at_to_0=2026-10-31", [1, 2]),
        ("created_at_from_0=2026-10-01", [1, 2, 3]),
        ("created_at_to_0=2026-09-30", [0]),
        ("created_at_from_0=2026-10-31&created_at_from_1=12:00:00", [2, 3]),
        ("created_at_from_0=first+of+October", []),
        ("created_at_when=foo", []),
        ("created_at_when=&created_at_from_0=&created_at_to_0=", [0, 1, 2, 3]),
    ],
)
def test_a_list_is_filtered_by_days_alone_and_none_is_cut(boss: Client, query: str, expected: list[int]) -> None:
    moments = ("2026-09-30T23:59", "2026-10-01T00:00", "2026-10-31T23:59:59", "2026-11-01T00:00")
    orders = placed_at(*(kyiv(moment) for moment in moments))

    assert found(boss, query) == {orders[place].number for place in expected}


def test_days_that_have_names_move_with_the_calendar(boss: Client) -> None:
    now = datetime.now(KYIV)
    today, before = placed_at(now, bounds_of_days(now.date(), now.date())[0] - timedelta(minutes=1))

    assert found(boss, "created_at_when=today") == {today.number}
    assert found(boss, "created_at_when=yesterday") == {before.number}
    assert found(boss, "created_at_when=7") == {today.number, before.number}


def test_a_report_leads_a_colleague_elsewhere_to_the_shops_day(boss: Client) -> None:
    User.objects.filter(email="boss@example.com").update(time_zone="America/New_York")
    inside, outside = placed_at(kyiv("2026-10-10T00:30"), kyiv("2026-10-11T00:30"))
    day = kyiv("2026-10-10").date()

    assert found(boss, orders_url(day, day).partition("?")[2]) == {inside.number}
    assert found(boss, "created_at_from_0=2026-10-10&created_at_to_0=2026-10-10") == {outside.number}


def test_a_filter_is_shown_in_words_and_taken_away_by_itself(boss: Client) -> None:
    placed_at(kyiv("2026-10-10T12:00"))

    page = boss.get(f"{list_url(Order)}?created_at_from_0=2026-10-01&status__exact=PENDING").content.decode()

    assert "<span>Created at: 2026-10-01 - …</span>" in page
    assert "<span>Status: Pending</span>" in page
    assert 'href="?status__exact=PENDING" aria-label="Remove the filter Created at"' in page


@pytest.mark.parametrize(
    ("repeat", "due", "comes_back"),
    [
        ("daily", "2027-03-27T09:00", "2027-03-28T09:00"),  # the clocks are put forward that night
        ("weekly", "2026-10-21T09:00", "2026-10-28T09:00"),  # and back
        ("monthly", "2026-10-01T00:30", "2026-11-01T00:30"),  # in UTC, the last of the month before
        ("monthly", "2027-01-31T00:30", "2027-02-28T00:30"),
    ],
)
def test_a_task_comes_back_at_its_time_by_the_clock_on_the_wall(repeat: str, due: str, comes_back: str) -> None:
    reminder = kyiv(due) - timedelta(hours=1)
    task = Task.objects.create(title="Open up", due_at=kyiv(due), reminder_at=reminder, repeat=repeat)

    complete_task(task_id=task.pk, actor=SYSTEM, now=kyiv(due) + timedelta(minutes=5))

    following = Task.objects.get(done_at=None)
    assert following.due_at == kyiv(comes_back)
    assert following.reminder_at == kyiv(comes_back) - timedelta(hours=1)


def test_the_digest_comes_in_each_colleagues_morning_and_once_a_day() -> None:
    StaffFactory.create(digest_sent_on=None)
    StaffFactory.create(digest_sent_on=None, time_zone="America/New_York")
    hours = [datetime(2031, 3, 5, hour, tzinfo=UTC) for hour in range(24)]

    assert [hour.hour for hour in hours if queue_digests(now=hour)] == [0, 4, 11]


def test_an_e_mail_names_the_shops_day() -> None:
    late = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)

    assert values_for(customer=make_buyer().customer, actor=SYSTEM, now=late)["today"] == "2026-11-30"
