"""Jobs, run by a real worker process on the same database."""

import signal
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import TaskNotFound
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from crm.models.activity import Activity
from crm.models.order_mail import OrderMail
from crm.services.mail.queue_order_mails import queue_order_mails
from crm.services.mail.send_order_mails import send_order_mails
from crm.services.mail.write_email import write_email
from orders.models.order import Order
from shared.actor import SYSTEM
from shared.background.enqueue import enqueue
from shared.clock import database_now
from shared.models.idempotency_key import IdempotencyKey
from shared.models.rate_limit import RateLimitWindow
from tests.shop.goods import balances, make_level
from tests.shop.orders import order_of
from tests.shop.people import UserFactory, make_buyer
from tests.shop.servers.processes import MANAGE, run_once, running, url_of, wait_for
from tests.shop.servers.smtp_server import mail_server
from users.models.refresh_family import RefreshFamily

pytestmark = pytest.mark.django_db(transaction=True)
SWEEP = "orders.expire_unpaid_orders"
# As they were asked for, of e-mails that are gone meanwhile.
TEN_THOUSAND_MORE = """
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, status, args)
SELECT queue_name, task_name, priority, 'todo', jsonb_build_object('email_id', gen_random_uuid())
FROM (SELECT * FROM procrastinate_jobs WHERE task_name = 'crm.send_email' LIMIT 1) AS one, generate_series(1, 10000)
"""
STARTED = """
SELECT task_name FROM procrastinate_events AS event JOIN procrastinate_jobs AS job ON job.id = event.job_id
WHERE event.type = 'started' AND task_name NOT LIKE 'shared.%' AND NOT EXISTS (
    SELECT FROM procrastinate_periodic_defers AS defer WHERE defer.job_id = job.id)
ORDER BY event.id
"""


@pytest.fixture(autouse=True)
def _empty_queue(transactional_db: None) -> None:
    """Jobs outlive the flush after a test: their tables are not Django's."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def status_of(task: str) -> list[str]:
    return list(ProcrastinateJob.objects.filter(task_name=task).order_by("id").values_list("status", flat=True))


def test_a_running_worker_expires_an_overdue_order_and_stops_when_told(tmp_path: Path) -> None:
    level = make_level(on_hand=5)
    overdue = order_of(make_buyer(), (level, 2), now=database_now() - timedelta(hours=1))
    database = url_of(connection.settings_dict["NAME"])

    with running([*MANAGE, "worker"], tmp_path / "log", DATABASE_URL=database) as worker:
        enqueue(SWEEP)
        wait_for(lambda: Order.objects.get(pk=overdue.pk).status == "CANCELLED", "the order is cancelled")
        wait_for(lambda: "todo" not in status_of(SWEEP) and "doing" not in status_of(SWEEP), "the queue is empty")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=15) == 0

    assert Order.objects.get(pk=overdue.pk).cancel_reason == "payment_timeout"
    assert balances(level.pk) == (5, 0)
    assert set(status_of(SWEEP)) == {"succeeded"}


def test_ten_thousand_mails_before_a_slow_server_hold_up_neither_stock_nor_money(tmp_path: Path) -> None:
    """The server takes none until the test is over: whatever waited behind the e-mails would never run."""
    level, buyer = make_level(on_hand=5), make_buyer()
    overdue = order_of(buyer, (level, 2), now=database_now() - timedelta(hours=1))
    urgent = [SWEEP, "orders.fill_backorders", "payments.recover_operations", "shared.retry_stalled_jobs"]
    with mail_server() as letters:
        letters.is_open.clear()
        for _ in range(5):
            write_email(customer_id=buyer.customer.pk, subject="Hello", body="Good day.", actor=SYSTEM)
        with connection.cursor() as cursor:
            cursor.execute(TEN_THOUSAND_MORE)
        for job in urgent:
            enqueue(job)
        enqueue("payments.process_webhook", webhook_id=str(uuid4()))
        variables = {"EMAIL_URL": f"smtp://127.0.0.1:{letters.port}?tls=0"}
        variables["DATABASE_URL"] = url_of(connection.settings_dict["NAME"])

        with running([*MANAGE, "worker"], tmp_path / "log", **variables):
            wait_for(lambda: letters.begun > 0, "the worker is busy with an e-mail")
            for job in [*urgent, "payments.process_webhook"]:
                wait_for(lambda job=job: "succeeded" in status_of(job), f"{job} has run")  # type: ignore[misc]
            enqueue("crm.queue_order_mails")

    assert Order.objects.get(pk=overdue.pk).status == "CANCELLED"
    assert balances(level.pk) == (5, 0)
    assert status_of("crm.send_email").count("todo") > 9_900


def test_a_worker_that_takes_from_all_queues_begins_with_what_is_most_urgent() -> None:
    buyer = make_buyer()
    enqueue("orders.purge_idempotency_keys")
    write_email(customer_id=buyer.customer.pk, subject="Hello", body="Good day.", actor=SYSTEM)
    enqueue("crm.queue_order_mails")
    enqueue("payments.process_webhook", webhook_id=str(uuid4()))
    enqueue(SWEEP)

    run_once("worker", "--once")

    with connection.cursor() as cursor:
        cursor.execute(STARTED)
        began = [name for (name,) in cursor.fetchall()]
    assert began == [
        SWEEP,
        "payments.process_webhook",
        "crm.queue_order_mails",
        "crm.send_email",
        "orders.purge_idempotency_keys",
    ]


def test_the_command_expires_overdue_orders_and_says_how_many() -> None:
    level = make_level(on_hand=5)
    for _ in range(2):
        order_of(make_buyer(), (level, 1), now=database_now() - timedelta(hours=1))
    order_of(make_buyer(), (level, 1))

    assert run_once("expire_unpaid_orders") == "2 expired\n"

    assert balances(level.pk) == (5, 1)


def test_the_jobs_of_a_dead_worker_are_run_again() -> None:
    enqueue(SWEEP)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH dead AS ("
            " INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '2 minutes') RETURNING id"
            ") UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id, queueing_lock = NULL FROM dead"
            " RETURNING procrastinate_jobs.id"
        )
        job_id = cursor.fetchone()[0]
    enqueue("shared.retry_stalled_jobs")

    run_once("worker", "--once")

    assert ProcrastinateJob.objects.get(pk=job_id).status == "succeeded"


def test_a_worker_killed_in_the_middle_of_a_lot_leaves_one_letter_in_doubt_and_the_others_are_sent_once(
    tmp_path: Path,
) -> None:
    with mail_server() as letters:
        queue_order_mails()
        level = make_level(on_hand=50)
        orders = [order_of(make_buyer(), (level, 1)) for _ in range(6)]
        queue_order_mails()
        letters.closes_after = 2
        variables = {"EMAIL_URL": f"smtp://127.0.0.1:{letters.port}?tls=0"}
        variables["DATABASE_URL"] = url_of(connection.settings_dict["NAME"])

        with running([*MANAGE, "worker"], tmp_path / "log", **variables) as worker:
            wait_for(lambda: letters.begun == 3, "the third letter is on its way")
            worker.kill()
        assert sorted(OrderMail.objects.values_list("status", flat=True)) == [
            *(["queued"] * 3),
            "sending",
            *(["sent"] * 2),
        ]
        letters.closes_after = None
        letters.is_open.set()
        (job,) = ProcrastinateJob.objects.filter(task_name="crm.send_order_mails")
        send_order_mails(**job.args)  # as the job of a dead worker is run again

        assert sorted(len(letters.to(order.customer_email)) for order in orders) == [0, 1, 1, 1, 1, 1]
    assert OrderMail.objects.filter(status="sent").count() == 5
    assert Activity.objects.filter(kind="email").count() == 5


def test_a_dead_workers_job_is_given_up_when_its_twin_waits() -> None:
    enqueue(SWEEP)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    enqueue("shared.retry_stalled_jobs")
    enqueue(SWEEP)

    run_once("worker", "--once")

    assert status_of(SWEEP)[:2] == ["aborted", "succeeded"]


def test_what_is_past_its_time_is_purged_and_the_rest_stays() -> None:
    now, level, buyer = database_now(), make_level(on_hand=5), make_buyer()
    for key, age in {"old": timedelta(days=30, minutes=1), "young": timedelta(days=29)}.items():
        order_of(buyer, (level, 1), key=key)
        IdempotencyKey.objects.filter(key=key).update(created_at=now - age)
    for name, age in {"past": timedelta(minutes=1), "open": timedelta(minutes=-10)}.items():
        RateLimitWindow.objects.create(bucket=name, count=1, expires_at=now - age)
        OutstandingToken.objects.create(jti=name, token=name, expires_at=now - age)
        user = UserFactory.create(email=f"{name}@example.com")
        RefreshFamily.objects.create(user=user, good_token=uuid4(), expires_at=now - age)
        Session.objects.create(session_key=name, session_data="", expire_date=now - age)
    purges = [
        "orders.purge_idempotency_keys",
        "shared.purge_rate_limit_windows",
        "users.purge_expired_tokens",
    ]
    purges += ["users.purge_expired_sessions", "shared.remove_old_jobs"]
    for purge in purges:
        enqueue(purge)

    run_once("worker", "--once")

    assert [status for purge in purges for status in set(status_of(purge))] == ["succeeded"] * 5
    assert set(IdempotencyKey.objects.values_list("key", flat=True)) == {"young"}
    assert set(RateLimitWindow.objects.values_list("bucket", flat=True)) == {"open"}
    assert set(OutstandingToken.objects.values_list("jti", flat=True)) == {"open"}
    assert RefreshFamily.objects.get().user.email == "open@example.com"
    assert set(Session.objects.values_list("session_key", flat=True)) == {"open"}


def test_a_job_appears_with_its_transaction_and_disappears_with_it() -> None:
    with transaction.atomic():
        enqueue(SWEEP)
        transaction.set_rollback(True)
    assert status_of(SWEEP) == []

    with transaction.atomic():
        assert enqueue(SWEEP)
        assert not enqueue(SWEEP), "one waits already"
        make_buyer()  # the refusal has not aborted the transaction
    assert status_of(SWEEP) == ["todo"]


def test_an_unknown_job_is_refused_when_it_is_asked_for() -> None:
    with pytest.raises(TaskNotFound):
        enqueue("orders.no_such_job")
