"""Workers that send e-mails to buyers at the same moment, or while their customers are locked."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from crm.models.activity import Activity
from crm.models.order_mail import OrderMail, OrderMailStatus
from crm.services.mail.queue_order_mails import queue_order_mails
from crm.services.mail.send_order_mails import send_order_mails
from crm.services.mail.settle_order_mail import settle_order_mail
from shared.clock import database_now
from tests.crm.mail.order_mails import buy, queued_ids, send_queued, subjects, waiting_jobs
from tests.shop.database.races import own_connection, run_together, stock_held
from tests.shop.servers.smtp_server import Letters
from users.models.customer import Customer


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_mail_once(letters: Letters) -> None:
    queue_order_mails()
    orders = [buy() for _ in range(4)]

    run_together(queue_order_mails, queue_order_mails, queue_order_mails)
    assert sorted(mail_id for arguments, _at in waiting_jobs() for mail_id in arguments["mail_ids"]) == queued_ids()
    ids = list(OrderMail.objects.values_list("pk", flat=True))
    run_together(*(partial(send_order_mails, mail_ids=ids) for _ in range(3)))

    assert [len(subjects(letters, order)) for order in orders] == [1] * 4
    assert OrderMail.objects.filter(status="sent").count() == 4


@pytest.mark.django_db(transaction=True)
def test_what_was_taken_is_noted_though_its_customer_is_locked_for_long(letters: Letters) -> None:
    """As a merge or an erasure locks them: the entry in the timeline cannot be written then."""
    queue_order_mails()
    orders = [buy() for _ in range(3)]
    queue_order_mails()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        Customer.objects.select_for_update().get(pk=orders[0].customer_id)
        assert pool.submit(send_impatiently).result(60) == ["sent"] * 3

    assert [len(subjects(letters, order)) for order in orders] == [1] * 3
    assert OrderMail.objects.filter(status="sent").count() == 3
    told = Activity.objects.filter(kind="email").values_list("customer_id", flat=True)
    assert set(told) == {order.customer_id for order in orders[1:]}


@pytest.mark.django_db(transaction=True)
def test_the_timeline_waits_longer_for_its_customer_than_one_lock_may(letters: Letters, settings: Any) -> None:
    settings.MAX_STOCK_RETRY_ATTEMPTS, settings.STOCK_RETRY_BACKOFF_MS = 100, 10
    queue_order_mails()
    orders = [buy() for _ in range(2)]
    queue_order_mails()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Customer.objects.select_for_update().get(pk=orders[1].customer_id)
            sending = pool.submit(send_impatiently)
            time.sleep(1)  # twenty times as long as one wait for the lock
        assert sending.result(60) == ["sent"] * 2

    assert Activity.objects.filter(kind="email").count() == 2


def send_impatiently() -> list[str]:
    with own_connection():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        return send_queued()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_taken", [True, False], ids=["taken", "refused"])
def test_nothing_is_noted_of_whom_an_erasure_forgets_meanwhile(letters: Letters, *, is_taken: bool) -> None:
    queue_order_mails()
    customer_id = buy().customer_id
    queue_order_mails()
    mail = OrderMail.objects.get()
    was, failed = OrderMailStatus.QUEUED, OrderMailStatus.FAILED
    to_failed = partial(settle_order_mail, mail_id=mail.pk, was=was, status=failed, error="550 Ann unknown")

    with stock_held() as queue:
        Customer.objects.select_for_update().get(pk=customer_id)
        queue.start(send_queued if is_taken else to_failed)
        Customer.objects.filter(pk=customer_id).update(erased_at=database_now())

    mail.refresh_from_db()
    assert mail.status == ("sent" if is_taken else "failed")
    assert not Activity.objects.filter(customer=customer_id).exists()
