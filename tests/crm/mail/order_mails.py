"""Orders whose buyers are written to, and the jobs that do it, run at once."""

from datetime import datetime
from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob

from crm.models.order_mail import OrderMail
from crm.services.mail.queue_order_mails import queue_order_mails
from crm.services.mail.send_order_mails import send_order_mails
from orders.models.order import Order
from tests.shop.goods import make_level
from tests.shop.orders import order_of
from tests.shop.people import Buyer, make_buyer
from tests.shop.servers.smtp_server import Letters

CONFIRMED = "We have received your order"


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


def deadline_of(order: Order) -> datetime:
    assert order.payment_expires_at is not None
    return order.payment_expires_at
