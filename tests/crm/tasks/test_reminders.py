"""Reminders go out once when they are due, and a digest each morning to those who want one and have something to do."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from crm.models.deal import Deal
from crm.models.task import Task
from crm.services.tasks.queue_digests import queue_digests
from crm.services.tasks.queue_reminders import queue_reminders
from crm.services.tasks.send_digest import send_digest
from crm.services.tasks.send_reminder import send_reminder
from shared.background.mail_faults import MailRefused
from shared.clock import database_now
from tests.shop.admin_rows import make_deal
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import page_url, signed_in
from tests.shop.people import CustomerFactory, StaffFactory, make_buyer
from tests.shop.servers.smtp_server import Letters, mail_server
from users.models.user import User

MORNING = datetime(2031, 3, 5, 6, tzinfo=UTC)  # a Wednesday


@pytest.fixture(autouse=True)
def _empty_queue(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def letters() -> Iterator[Letters]:
    with mail_server(SITE_URL="https://kontor.example") as there:
        yield there


def colleague(*codenames: str, **fields: object) -> User:
    user = StaffFactory.create(**fields)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def queued(task: str) -> list[dict[str, Any]]:
    return list(ProcrastinateJob.objects.filter(task_name=task).order_by("id").values_list("args", flat=True))


def work_off() -> None:
    for args in queued("crm.send_reminder"):
        send_reminder(**args)
    for args in queued("crm.send_digest"):
        send_digest(**args)


def reminded(**fields: object) -> Task:
    due = {"title": "Call Ann", "assignee": colleague(), "reminder_at": database_now() - timedelta(minutes=1)}
    return Task.objects.create(**{**due, **fields})


def test_a_due_reminder_goes_to_the_assignee_once(letters: Letters) -> None:
    task = reminded(customer=CustomerFactory.create(name="Ann Bell"), due_at=MORNING)

    assert [queue_reminders(), queue_reminders()] == [1, 0]
    work_off()

    (letter,) = letters.to(task.assignee.email if task.assignee else "")
    assert letter["Subject"] == "Reminder: Call Ann"
    text = letter.get_content()
    assert "Due: 2031-03-05 06:00 UTC" in text
    assert "Ann Bell" in text
    assert f"https://kontor.example/admin/crm/task/{task.pk}/change/" in text


@pytest.mark.parametrize(
    "fields",
    [
        {"reminder_at": datetime(2100, 1, 1, tzinfo=UTC)},
        {"reminder_at": None},
        {"done_at": MORNING},
        {"assignee": None},
    ],
)
def test_nobody_is_reminded_early_of_what_is_done_or_nobodys(fields: dict[str, object]) -> None:
    reminded(**fields)

    assert queue_reminders() == 0


@pytest.mark.parametrize("meanwhile", ["done", "moved", "left"])
def test_what_changes_before_the_e_mail_goes_is_respected(letters: Letters, meanwhile: str) -> None:
    task = reminded()
    queue_reminders()

    if meanwhile == "done":
        Task.objects.filter(pk=task.pk).update(done_at=database_now())
    elif meanwhile == "moved":
        Task.objects.filter(pk=task.pk).update(reminder_at=MORNING)
    else:
        User.objects.filter(pk=str(task.assignee_id)).update(is_active=False)
    work_off()

    assert letters.messages == []


def test_many_are_reminded_in_batches_and_a_bad_address_stops_nobody(letters: Letters) -> None:
    user = colleague(email="full@example.com")
    Task.objects.bulk_create(
        Task(title=f"Task {n}", assignee=user, reminder_at=database_now() - timedelta(hours=1)) for n in range(501)
    )
    other = reminded()
    letters.refusals["full@example.com"] = "552 mailbox full"

    assert queue_reminders() == 502
    jobs = queued("crm.send_reminder")
    with pytest.raises(MailRefused):
        send_reminder(**jobs[0])
    send_reminder(**next(job for job in jobs if job["task_id"] == str(other.pk)))

    assert len(letters.messages) == 1


def test_a_task_that_is_planned_anew_reminds_again(letters: Letters) -> None:
    task = reminded()
    queue_reminders()
    boss = signed_in(User.objects.create_superuser("boss@example.com", "a-long-password"))
    form = {"title": "Call Ann", "priority": "2", "repeat": "never", "assignee": str(task.assignee_id)}

    boss.post(page_url(task), {**form, "reminder_at_0": "2020-01-01", "reminder_at_1": "09:00"})

    assert queue_reminders() == 1
    work_off()
    assert [letter["Message-ID"].split("-")[-1][:14] for letter in letters.messages] == ["20200101090000"]


def test_a_digest_tells_what_the_day_brings(letters: Letters) -> None:
    user = colleague("view_task", "view_deal")
    for title, due in (("Late", -1), ("Today", 0), ("Tomorrow", 1)):
        Task.objects.create(title=title, assignee=user, due_at=MORNING + timedelta(days=due))
    for title, close in (("Soon", 4), ("Later", 5)):
        deal = make_deal(make_buyer(), title)
        Deal.objects.filter(pk=deal.pk).update(owner=user, expected_close=(MORNING + timedelta(days=close)).date())

    assert queue_digests(now=MORNING) >= 1
    assert queue_digests(now=MORNING + timedelta(hours=1)) == 0
    work_off()

    (letter,) = letters.to(user.email)
    text = letter.get_content()
    assert "Your day in Kontor, 2031-03-05" in letter["Subject"]
    assert (
        text.index("Overdue") < text.index("Late") < text.index("Due today") < text.index("Today") < text.index("Soon")
    )
    assert "Tomorrow" not in text
    assert "Later" not in text
    assert queue_digests(now=MORNING + timedelta(days=1)) >= 1


def test_no_digest_without_something_to_say_or_the_wish_or_the_right(letters: Letters) -> None:
    idle = colleague("view_task", "view_deal")
    unwilling = colleague("view_task", wants_digest=False)
    blind = colleague()
    for user in (unwilling, blind):
        Task.objects.create(title="Late", assignee=user, due_at=MORNING - timedelta(days=1))
    assert idle.wants_digest

    queue_digests(now=MORNING)
    work_off()

    assert letters.messages == []


def test_a_colleague_chooses_about_the_digest() -> None:
    user = colleague()
    client = signed_in(user)

    client.post("/admin/my-settings/", {})
    user.refresh_from_db()
    assert user.wants_digest is False
    client.post("/admin/my-settings/", {"wants_digest": "on"})
    user.refresh_from_db()
    assert user.wants_digest is True


def test_reminders_and_digests_are_in_the_readers_language(letters: Letters) -> None:
    ukrainian, english = colleague("view_task"), colleague("view_task")
    choice = signed_in(ukrainian).post(reverse("set_language"), {"language": "uk", "next": "/admin/"})
    assert choice.status_code == 302
    for user in (ukrainian, english):
        due = MORNING - timedelta(days=1)
        Task.objects.create(title="Call", assignee=user, due_at=due, reminder_at=database_now() - timedelta(minutes=1))

    queue_reminders()
    queue_digests(now=MORNING)
    work_off()

    for user, words in ((ukrainian, ["Нагадування", "Прострочене"]), (english, ["Reminder", "Overdue"])):
        reminder, digest = letters.to(user.email)
        assert words[0] in reminder["Subject"]
        assert words[1] in digest.get_content()
    signed_in(ukrainian).post("/admin/my-settings/", {"wants_digest": "on", "language": "en"})
    ukrainian.refresh_from_db()
    assert ukrainian.language == "en"


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_queue_each_reminder_once() -> None:
    user = colleague()
    moment = database_now() - timedelta(minutes=1)
    Task.objects.bulk_create(Task(title=f"Task {n}", assignee=user, reminder_at=moment) for n in range(40))
    start = threading.Barrier(4)

    def work() -> None:
        try:
            start.wait()
            queue_reminders()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    tasks = [job["task_id"] for job in queued("crm.send_reminder")]
    assert len(tasks) == len(set(tasks)) == 40


def test_who_may_adjust_stock_is_told_what_runs_out(letters: Letters) -> None:
    keeper, reader = colleague("adjust_stock"), colleague("view_stocklevel")
    low, enough = make_level(on_hand=2), make_level(on_hand=500)

    queue_digests(now=MORNING)
    work_off()

    (letter,) = letters.to(keeper.email)
    assert f"{low.variant.sku} at" in letter.get_content()
    assert enough.variant.sku not in letter.get_content()
    assert letters.to(reader.email) == []
