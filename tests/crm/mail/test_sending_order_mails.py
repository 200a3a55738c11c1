"""E-mails to buyers are sent in lots: what one of them lacks, or the server refuses, holds up none of the others, and
what may have arrived is not sent again."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from crm.models.activity import Activity
from crm.models.order_mail import OrderMail, OrderMailTemplate
from crm.services.mail.queue_order_mails import queue_order_mails
from crm.services.mail.send_order_mails import send_order_mails
from orders.models.order_event import OrderEvent
from orders.services.orders.cancel_order import cancel_order
from orders.states import CancelReason
from shared.actor import SYSTEM
from shared.clock import database_now
from tests.crm.mail.order_mails import buy, deliver, queued_ids, send_queued, subjects, waiting_jobs
from tests.shop.http.admin_pages import page_url, signed_in, superuser, text_of
from tests.shop.servers.smtp_server import Letters


def test_a_server_that_is_away_is_asked_again_and_one_that_refuses_is_not(shop: Letters) -> None:
    order, refused = buy(), buy()
    shop.refusals[refused.customer_email] = "550 nobody here"
    greeting, shop.greeting = shop.greeting, "421 busy"

    assert deliver() == ["queued"]  # asked once: it would not take the other either
    assert waiting_jobs()[-1][0] == {"mail_ids": queued_ids(), "retries": 1}
    shop.greeting = greeting

    assert send_queued(retries=1) == ["failed", "sent"]
    assert (len(subjects(shop, order)), subjects(shop, refused)) == (1, [])
    assert Activity.objects.filter(customer=refused.customer, subject__startswith="E-mail not sent").exists()


def test_a_lot_takes_one_connection_and_one_statement_for_each_letter(shop: Letters) -> None:
    """The one is the note that is committed before the server is talked to."""
    needed = {}
    for letters in (2, 7):
        orders = [buy() for _ in range(letters)]
        queue_order_mails()
        connections = shop.connections

        with CaptureQueriesContext(connection) as queries:
            assert send_queued() == ["sent"] * letters

        needed[letters] = len(queries)
        assert shop.connections == connections + 1
        assert [len(subjects(shop, order)) for order in orders] == [1] * letters

    assert needed[7] - needed[2] == 5
    assert needed[2] <= 13  # two of them read the shop: for its words, and for whom the letters are from


@pytest.mark.parametrize("farewell", ["421 4.7.0 Too many messages\r\n", ""])
def test_a_server_that_takes_few_letters_a_connection_gets_all_of_them(shop: Letters, farewell: str) -> None:
    orders = [buy() for _ in range(5)]
    shop.most, shop.farewell = 2, farewell

    assert deliver() == ["sent"] * 5

    assert [len(subjects(shop, order)) for order in orders] == [1] * 5
    assert shop.connections == 3


def test_one_that_is_not_taken_holds_up_none_of_its_lot(shop: Letters) -> None:
    orders = [buy() for _ in range(4)]
    shop.refusals = {orders[1].customer_email: "550 nobody here", orders[2].customer_email: "451 mailbox busy"}

    assert deliver() == ["failed", "queued", "sent", "sent"]

    assert [len(subjects(shop, order)) for order in orders] == [1, 0, 0, 1]
    arguments, begins_at = waiting_jobs()[-1]
    assert arguments == {"mail_ids": queued_ids(), "retries": 1}
    assert begins_at is not None
    assert OrderMail.objects.get(order=orders[2]).error == "451 mailbox busy"
    assert send_queued(retries=5) == ["failed"]


@pytest.mark.parametrize("broken", [{"refund": "no amount"}, {"shipments": [{"no": "id"}]}, {"shipments": 7}])
def test_one_that_cannot_be_written_fails_alone(shop: Letters, broken: dict[str, Any]) -> None:
    order = buy()
    placed = OrderEvent.objects.get(order=order)
    bad = OrderEvent.objects.create(
        order=order, kind=placed.kind, to_status=placed.to_status, data=broken, created_at=placed.created_at
    )
    orders = [order, buy(), buy()]

    assert deliver() == ["failed", "sent", "sent", "sent"]

    assert [len(subjects(shop, order)) for order in orders] == [1] * 3
    assert "Error: " in OrderMail.objects.get(event=bad).error
    assert Activity.objects.filter(customer=order.customer, subject__startswith="E-mail not sent").exists()


class BreaksFor(BaseEmailBackend):
    """A way to send e-mails that has a fault of its own."""

    addresses: ClassVar[set[str]] = set()

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if self.addresses & set(messages[0].to):
            raise RuntimeError("a fault of its own")
        return 1


def test_what_breaks_while_it_is_sent_is_in_doubt_alone(shop: Letters, settings: Any) -> None:
    orders = [buy() for _ in range(3)]
    queue_order_mails()
    settings.EMAIL_BACKEND = f"{__name__}.{BreaksFor.__name__}"
    BreaksFor.addresses = {orders[1].customer_email}

    assert send_queued() == ["sending", "sent", "sent"]

    assert OrderMail.objects.get(order=orders[1]).error == "RuntimeError: a fault of its own"
    assert Activity.objects.filter(customer=orders[1].customer, subject__startswith="E-mail not sent").exists()


def test_a_mail_server_that_cannot_be_named_leaves_none_in_doubt(shop: Letters, settings: Any) -> None:
    orders = [buy() for _ in range(2)]
    for order in orders:  # nobody is written to at the shop's own domain but on this machine
        order.customer_email = f"{order.number}@letters.shop"
        order.save(update_fields=["customer_email"])
    queue_order_mails()
    host, settings.EMAIL_HOST = settings.EMAIL_HOST, "x" * 64 + ".shop"  # no label of a name may be as long

    assert send_queued() == ["queued"]
    settings.EMAIL_HOST = host

    assert send_queued(retries=1) == ["sent", "sent"]
    assert [len(subjects(shop, order)) for order in orders] == [1, 1]


def test_a_kind_without_its_words_holds_up_no_other(shop: Letters) -> None:
    order, cancelled = buy(), buy()
    cancel_order(order_id=cancelled.pk, actor=SYSTEM, reason=CancelReason.STAFF)
    queue_order_mails()
    OrderMailTemplate.objects.filter(kind="confirmation").delete()

    assert send_queued() == ["failed", "failed", "sent"]

    assert (subjects(shop, order), len(subjects(shop, cancelled))) == ([], 1)


def test_what_a_lot_had_no_time_for_is_left_to_another_job(shop: Letters) -> None:
    orders = [buy() for _ in range(3)]
    queue_order_mails()

    assert send_queued(seconds=0) == ["sent"]

    assert waiting_jobs()[-1] == ({"mail_ids": queued_ids(), "retries": 0}, None)
    assert send_queued() == ["sent", "sent"]
    assert [len(subjects(shop, order)) for order in orders] == [1] * 3


def test_what_no_job_sends_any_more_gets_another_job(shop: Letters) -> None:
    orders = [buy() for _ in range(3)]
    queue_order_mails()
    ProcrastinateJob.objects.filter(task_name="crm.send_order_mails").delete()
    forgotten = OrderMail.objects.filter(order__in=orders[:2])
    forgotten.update(updated_at=database_now() - timedelta(hours=3))

    for _ in range(2):
        assert queue_order_mails() == 0

    ((arguments, begins_at),) = waiting_jobs()
    assert sorted(arguments["mail_ids"]) == sorted(str(mail.pk) for mail in forgotten)
    assert begins_at is None


def test_one_run_goes_through_all_there_is_to_tell(shop: Letters) -> None:
    for _ in range(5):
        buy()

    assert queue_order_mails(most=2) == 5

    assert [len(arguments["mail_ids"]) for arguments, _at in waiting_jobs()] == [2, 2, 1]
    assert queue_order_mails(most=2) == 0


def test_a_letter_that_may_have_arrived_is_not_sent_again_by_itself(shop: Letters) -> None:
    order = buy()
    shop.hangs_up = True

    assert deliver() == ["sending"]
    shop.hangs_up = False
    assert deliver() == []

    assert len(subjects(shop, order)) == 1
    assert OrderMail.objects.get().error != ""


def test_what_a_crash_left_half_sent_is_not_sent_by_itself(shop: Letters) -> None:
    order = buy()
    queue_order_mails()
    OrderMail.objects.update(status="sending")  # committed before the server was talked to
    mail, boss = OrderMail.objects.get(), signed_in(superuser())

    assert send_order_mails(mail_ids=[mail.pk]) == {}
    assert deliver() == []

    assert order.number in text_of(boss.get("/admin/crm/ordermail/?state=sending"))
    assert "queued once more" in text_of(boss.post(page_url(mail, "again"), follow=True))
    assert deliver() == ["sent"]
    assert len(subjects(shop, order)) == 1
    assert OrderMail.objects.filter(order=order, is_resend=True, author__isnull=False).count() == 1
