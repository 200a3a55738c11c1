"""What waits for somebody: payments, refunds, tasks."""

from datetime import datetime
from uuid import UUID

from django.db.models import Model, QuerySet

from crm.models.task import Task
from crm.reads.badges import Badge, count_few
from orders.models.dispute import Dispute
from orders.models.order import Order
from orders.models.payment import Payment, PaymentRecordStatus
from orders.states import CancelReason, OrderStatus
from shared.planner.lookups import InlineWord

MAX_COUNTED = 1_000


def bounded_number(counted: int, most: int = MAX_COUNTED) -> str:
    """How many, as text; beyond `most`, "1,000+"."""
    return f"{most:,}+" if counted > most else f"{counted:,}"


def count_bounded(rows: QuerySet[Model]) -> str:
    """How many rows, as text; from MAX_COUNTED on, "1,000+"."""
    return bounded_number(rows.order_by().values("pk")[: MAX_COUNTED + 1].count())


def unpaid_orders() -> QuerySet[Order]:
    return Order.objects.whole().filter(status=InlineWord(OrderStatus.PENDING))


def unpaid_orders_by_deadline() -> QuerySet[Order]:
    """Those that will be cancelled first in front; orders without a deadline at the end."""
    return unpaid_orders().order_by("payment_expires_at")


def expired_since(moment: datetime) -> QuerySet[Order]:
    """Orders cancelled since then because they were not paid in time. Reads order_expired."""
    timed_out = InlineWord(CancelReason.PAYMENT_TIMEOUT)
    expired = Order.objects.whole().filter(cancel_reason=timed_out, cancelled_at__gte=moment)
    return expired.order_by("-cancelled_at", "-id")


def refunds_due() -> QuerySet[Payment]:
    """Money to give back, newest first as in the queue."""
    payments = Payment.objects.filter(status=InlineWord(PaymentRecordStatus.REFUND_DUE))
    return payments.select_related("order").order_by("-created_at", "-id")


def count_refunds_due() -> int:
    """How many payments wait to be given back, for the sidebar."""
    return count_few(refunds_due().select_related(None))


def open_disputes() -> QuerySet[Dispute]:
    """Those that staff must answer or close. Reads dispute_open."""
    return Dispute.objects.filter(closed_at=None)


def count_open_disputes() -> int:
    """How many disputes are open, for the sidebar."""
    return _DISPUTES.count()


_DISPUTES = Badge(open_disputes)


def open_tasks_of(user_id: UUID) -> QuerySet[Task]:
    """What a colleague has to do, the most urgent first; tasks without a date at the end."""
    return Task.objects.filter(assignee=user_id, done_at=None).select_related("customer", "deal").order_by("due_at")
