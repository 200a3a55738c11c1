"""Write what became of an order's e-mail that was not taken. See docs/decisions/order-mails.md."""

from uuid import UUID

from crm.mail.order_mail_sql import lock_known_customer
from crm.models.order_mail import OrderMail, OrderMailStatus
from crm.services.timeline.record_change import record_change
from crm.timeline.lines import EMAIL_NOT_SENT
from shared.actor import SYSTEM
from shared.clock import database_now
from shared.database.transactions import outermost_transaction, retry_transaction

_MAX_ERROR = 500
_FOR_STAFF = frozenset({OrderMailStatus.FAILED, OrderMailStatus.SENDING})


def settle_order_mail(*, mail_id: UUID, was: OrderMailStatus, status: OrderMailStatus, error: str) -> None:
    """From `was`, unless another worker has moved it; what staff must look at is told in the customer's timeline, once
    however often the database has it tried. Raises Unavailable. Locks: the e-mail, and the customer against being
    deleted or erased."""
    error = error[:_MAX_ERROR]

    def write(_again: bool) -> None:
        with outermost_transaction():
            mails = OrderMail.objects.filter(pk=mail_id, status=was).exclude(status=status, error=error)
            if mails.update(status=status, error=error, updated_at=database_now()) and status in _FOR_STAFF:
                _note_in_timeline(OrderMail.objects.select_related("order").get(pk=mail_id))

    retry_transaction(write, name="settle_order_mail")


def _note_in_timeline(mail: OrderMail) -> None:
    customer_id = mail.order.customer_id
    # The mail server's words may name the person: what is under way of an erasure is waited for.
    if lock_known_customer(customer_id):
        subject = EMAIL_NOT_SENT(subject=mail.subject)
        record_change(subject=subject, text=mail.error, actor=SYSTEM, customer_id=customer_id)
