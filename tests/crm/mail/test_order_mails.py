"""Buyers hear of their orders: once, in their language, over real SMTP, and nothing from before it was turned on."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from crm.models.activity import Activity
from crm.models.order_mail import OrderMail, OrderMailTemplate
from crm.services.mail.queue_order_mails import queue_order_mails
from crm.services.mail.send_order_mails import send_order_mails
from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.order_item import OrderItem
from orders.refunds.plans import RefundRequest, RequestedLine
from orders.services.orders.advance_order import advance_order
from orders.services.orders.cancel_order import cancel_order
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.refunds.refund_order import refund_order
from orders.services.refunds.settle_refund import settle_refund
from orders.states import CancelReason
from shared.actor import SYSTEM
from shared.clock import database_now
from tests.shop.database.races import own_connection, run_together
from tests.shop.goods import make_level, make_level_of_another
from tests.shop.http.admin_pages import page_url, signed_in, superuser, text_of
from tests.shop.orders import order_of
from tests.shop.people import Buyer, make_buyer
from tests.shop.servers.smtp_server import Letters, mail_server
from users.models.customer import Customer

CONFIRMED = "We have received your order"


@pytest.fixture
def letters() -> Iterator[Letters]:
    with mail_server() as there:
        yield there


@pytest.fixture
def shop(db: None, letters: Letters) -> Letters:
    """It is turned on before anything happens."""
    queue_order_mails()
    return letters


def buy(buyer: Buyer | None = None) -> Order:
    return order_of(buyer or make_buyer(), (make_level(on_hand=9), 2))


def deliver(**settings: Any) -> list[str]:
    """One run of the jobs; what became of the e-mails."""
    queue_order_mails(**settings)
    return send_queued()


def send_queued(**settings: Any) -> list[str]:
    waiting = OrderMail.objects.filter(status="queued").order_by("id")
    became = send_order_mails(mail_ids=list(waiting.values_list("pk", flat=True)), **settings)
    return [status for status in sorted(became) for _ in range(became[status])]


def queued_ids() -> list[str]:
    return sorted(str(mail_id) for mail_id in OrderMail.objects.filter(status="queued").values_list("pk", flat=True))


def waiting_jobs() -> list[tuple[dict[str, Any], Any]]:
    """The arguments of each job that sends, and when it may begin."""
    jobs = ProcrastinateJob.objects.filter(task_name="crm.send_order_mails", status="todo").order_by("id")
    return list(jobs.values_list("args", "scheduled_at"))


def subjects(letters: Letters, order: Order) -> list[str]:
    return [str(letter["Subject"]).strip() for letter in letters.to(order.customer_email)]


def test_nothing_is_written_about_what_happened_before(db: None, letters: Letters) -> None:
    old = buy()

    assert [deliver(), deliver()] == [[], []]
    new = buy()
    assert deliver() == ["sent"]

    assert (subjects(letters, old), len(subjects(letters, new))) == ([], 1)


def test_a_confirmation_names_what_was_bought_and_stands_in_the_timeline(shop: Letters) -> None:
    order = buy()

    assert deliver() == ["sent"]

    (letter,) = shop.to(order.customer_email)
    item = OrderItem.objects.get(order=order)
    assert letter["Subject"] == f"{CONFIRMED} {order.number}"
    assert f"2 x {item.name} ({item.sku})" in letter.get_content()
    assert "23.80 USD" in letter.get_content()
    assert "Please pay by" in letter.get_content()
    assert Activity.objects.get(customer=order.customer, kind="email").subject == letter["Subject"]


def test_it_is_written_in_the_customers_language(shop: Letters) -> None:
    buyer = make_buyer()
    Customer.objects.filter(pk=buyer.customer.pk).update(language="uk")
    order = buy(buyer)

    deliver()

    (letter,) = shop.to(order.customer_email)
    assert subjects(shop, order)[0] == f"Ми отримали ваше замовлення {order.number}"
    assert "Дякуємо за замовлення" in letter.get_content()


def test_each_way_to_cancel_has_its_own_words(shop: Letters) -> None:
    ours, theirs, late = buy(), buy(), buy()
    deliver()
    cancel_order(order_id=ours.pk, actor=SYSTEM, reason=CancelReason.STAFF)
    cancel_order(order_id=theirs.pk, actor=SYSTEM, reason=CancelReason.CUSTOMER)
    expire_unpaid_orders(now=deadline_of(late) + timedelta(minutes=1))

    deliver()

    assert "We had to cancel" in subjects(shop, ours)[1]
    assert "is cancelled" in subjects(shop, theirs)[1]
    assert "not paid in time" in subjects(shop, late)[1]


def test_a_split_order_is_confirmed_and_cancelled_once(shop: Letters) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=5), 1), (make_level_of_another(on_hand=5), 1))
    cancel_order(order_id=order.pk, actor=SYSTEM, reason=CancelReason.STAFF)

    assert deliver() == ["sent", "sent"]

    assert len(subjects(shop, order)) == 2
    assert len(shop.to(order.customer_email)[0].get_content().split(" x ")) == 3


def test_a_shipment_is_told_once(shop: Letters) -> None:
    order = buy()
    confirm_payment(order_id=order.pk, actor=SYSTEM)
    advance_order(order_id=order.pk, status="PROCESSING", actor=SYSTEM)
    advance_order(order_id=order.pk, status="SHIPPED", actor=SYSTEM)

    deliver()

    assert [subject.split(str(order.number))[0] for subject in subjects(shop, order)] == [
        f"{CONFIRMED} ",
        "Your order ",
    ]
    assert OrderItem.objects.get(order=order).name in shop.to(order.customer_email)[1].get_content()


def test_a_refund_is_told_when_it_is_paid_out(shop: Letters) -> None:
    order = buy()
    confirm_payment(order_id=order.pk, actor=SYSTEM)
    item = OrderItem.objects.get(order=order)
    (refund,) = refund_order(
        order_id=order.pk, requested=RefundRequest((RequestedLine(item.pk, 1),)), reason="broken", actor=SYSTEM
    )
    deliver()
    assert len(subjects(shop, order)) == 1

    settle_refund(refund_id=refund.pk, actor=SYSTEM)
    deliver()

    assert subjects(shop, order)[1] == f"We have refunded 11.90 USD for your order {order.number}"


def test_a_reminder_comes_shortly_before_the_deadline_and_once(shop: Letters) -> None:
    order = buy()
    deadline = deadline_of(order)
    deliver()

    queue_order_mails(now=deadline - timedelta(minutes=6))
    assert not OrderMail.objects.filter(kind="payment_reminder").exists()
    for minutes in (4, 3):
        queue_order_mails(now=deadline - timedelta(minutes=minutes))
    mail = OrderMail.objects.get(kind="payment_reminder")

    assert send_order_mails(mail_ids=[mail.pk]) == {"sent": 1}
    assert "is waiting for payment" in subjects(shop, order)[1]


def test_no_reminder_where_there_was_little_time_or_it_is_paid_by_now(shop: Letters) -> None:
    paid = buy()
    deliver()
    OrderMailTemplate.objects.filter(kind="payment_reminder").update(minutes_before=9)

    queue_order_mails(now=deadline_of(paid) - timedelta(minutes=4))
    assert not OrderMail.objects.filter(kind="payment_reminder").exists()
    OrderMailTemplate.objects.filter(kind="payment_reminder").update(minutes_before=5)
    queue_order_mails(now=deadline_of(paid) - timedelta(minutes=4))
    confirm_payment(order_id=paid.pk, actor=SYSTEM)

    assert send_order_mails(mail_ids=[OrderMail.objects.get(kind="payment_reminder").pk]) == {"skipped": 1}
    assert len(subjects(shop, paid)) == 1


def test_a_kind_that_is_off_writes_nothing_then_or_later(shop: Letters) -> None:
    template = OrderMailTemplate.objects.filter(kind="confirmation")
    template.update(is_on=False)
    order = buy()
    assert deliver() == []

    template.update(is_on=True)

    assert [deliver(), deliver()] == [[], []]
    assert subjects(shop, order) == []


def test_an_erased_customer_gets_none(shop: Letters) -> None:
    order = buy()
    queue_order_mails()
    Customer.objects.filter(pk=order.customer_id).update(erased_at=database_now())

    assert send_order_mails(mail_ids=[OrderMail.objects.get().pk]) == {"skipped": 1}
    assert subjects(shop, order) == []


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
    assert needed[2] <= 11


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


def test_the_orders_page_shows_its_mails_and_the_words_are_changed_in_the_admin(shop: Letters) -> None:
    order, boss = buy(), signed_in(superuser())
    template = OrderMailTemplate.objects.get(kind="confirmation")
    words = {field: getattr(template, field) for field in ("body_en", "subject_uk", "body_uk")} | {"is_on": "on"}

    wrong = boss.post(page_url(template), {**words, "subject_en": "{{ order.nmber }}"})
    assert "There is no value" in text_of(wrong)
    boss.post(page_url(template), {**words, "subject_en": "Thanks for {{ order.number }}"})
    deliver()

    assert subjects(shop, order) == [f"Thanks for {order.number}"]
    page = text_of(boss.get(page_url(order)))
    assert "Order received (Sent)" in page


def test_every_default_text_can_be_filled_in(db: None) -> None:
    from crm.mail.text import ORDER_NAMES, check_text

    for template in OrderMailTemplate.objects.all():
        for text in (template.subject_en, template.body_en, template.subject_uk, template.body_uk):
            check_text(text, tuple(ORDER_NAMES))
    assert OrderMailTemplate.objects.count() == 7


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


def deadline_of(order: Order) -> datetime:
    assert order.payment_expires_at is not None
    return order.payment_expires_at
