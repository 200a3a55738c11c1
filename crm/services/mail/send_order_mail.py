"""Send an order's e-mail, at most once. See docs/decisions/order-mails.md."""

from typing import Any
from uuid import UUID

from crm.mail.order_values import values_of
from crm.mail.text import MAX_SUBJECT_LENGTH, ORDER_NAMES, fill_in, one_line
from crm.models.activity import ActivityKind
from crm.models.order_mail import OrderMail, OrderMailKind, OrderMailStatus, OrderMailTemplate
from crm.services.timeline.add_activity import add_activity
from crm.services.timeline.record_change import record_change
from crm.timeline.limits import MAX_TEXT_LENGTH
from crm.timeline.lines import EMAIL_NOT_SENT, KIND_TURNED_OFF, NO_ADDRESS, NOT_NEEDED
from orders.states import OrderStatus, PaymentStatus
from shared.actor import SYSTEM, Actor
from shared.background.mail import MailDelayed, MailRefused, MailUnclear, send_mail
from shared.clock import database_now
from shared.database.transactions import outermost_transaction
from users.models.customer import Customer
from users.models.language import Language

_MAX_ERROR = 500


def send_order_mail(*, mail_id: UUID, is_last_try: bool = False) -> OrderMailStatus | None:
    """Send a queued e-mail and say what became of it; None for one that is not there or that another worker has.

    SENDING is committed before the server is talked to. A crash between that and the answer leaves it so: nobody
    knows whether it arrived, and only staff send it again. Raises MailDelayed when the server surely has not taken
    it, unless `is_last_try`. Locks: the e-mail, in transactions of its own before and after sending.
    """
    with outermost_transaction():
        mail = _claim_mail(mail_id)
    if mail is None:
        return None
    if mail.status == OrderMailStatus.SKIPPED:
        return OrderMailStatus.SKIPPED
    try:
        send_mail(to=mail.to, subject=mail.subject, body=mail.body, message_id=f"order-mail-{mail.pk}")
    except MailRefused as error:
        return _write_outcome(mail, OrderMailStatus.FAILED, str(error))
    except MailUnclear as error:
        return _write_outcome(mail, OrderMailStatus.SENDING, str(error))
    except MailDelayed as error:
        if is_last_try:
            return _write_outcome(mail, OrderMailStatus.FAILED, str(error))
        _write_outcome(mail, OrderMailStatus.QUEUED, str(error))
        raise
    return _write_outcome(mail, OrderMailStatus.SENT)


def _claim_mail(mail_id: UUID) -> OrderMail | None:
    """The queued e-mail, written and marked as being sent, or skipped."""
    queued = OrderMail.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    mail = queued.select_related("order", "event").filter(pk=mail_id, status=OrderMailStatus.QUEUED).first()
    if mail is None:
        return None
    template = OrderMailTemplate.objects.get(kind=mail.kind)
    customer = Customer.everyone.get(pk=mail.order.customer_id)
    if reason := _why_not(mail, template, customer):
        _save_fields(mail, status=OrderMailStatus.SKIPPED, error=reason)
        return mail
    subject, body = _render_mail(mail, template, customer.language)
    _save_fields(
        mail, status=OrderMailStatus.SENDING, error="", to=mail.order.customer_email, subject=subject, body=body
    )
    return mail


def _why_not(mail: OrderMail, template: OrderMailTemplate, customer: Customer) -> str:
    order = mail.order
    if customer.erased_at is not None or not order.customer_email:
        return NO_ADDRESS()
    if not template.is_on and not mail.is_resend:
        return KIND_TURNED_OFF()
    is_unpaid = order.status == OrderStatus.PENDING and order.payment_status in (
        PaymentStatus.PENDING,
        PaymentStatus.FAILED,
    )
    is_late = order.payment_expires_at is None or order.payment_expires_at <= database_now()
    is_moot = mail.kind == OrderMailKind.REMINDER and (not is_unpaid or is_late)
    return NOT_NEEDED() if is_moot or order.deleted_at is not None else ""


def _render_mail(mail: OrderMail, template: OrderMailTemplate, language: str) -> tuple[str, str]:
    """Subject and text in the customer's language."""
    values, names = values_of(mail.order, mail.event, language=language), tuple(ORDER_NAMES)
    in_ukrainian = language == Language.UKRAINIAN
    subject = template.subject_uk if in_ukrainian else template.subject_en
    body = template.body_uk if in_ukrainian else template.body_en
    return one_line(fill_in(subject, values, names))[:MAX_SUBJECT_LENGTH], fill_in(body, values, names)


def _write_outcome(mail: OrderMail, status: OrderMailStatus, error: str = "") -> OrderMailStatus:
    """Write what became of it, and tell the customer's timeline."""
    with outermost_transaction():
        sent_at = database_now() if status == OrderMailStatus.SENT else None
        _save_fields(mail, status=status, error=error[:_MAX_ERROR], sent_at=sent_at)
        if status != OrderMailStatus.QUEUED:
            _note_in_timeline(mail)
    return status


def _note_in_timeline(mail: OrderMail) -> None:
    customer = Customer.objects.filter(pk=mail.order.customer_id, erased_at=None).first()
    if customer is None:
        return
    if mail.status == OrderMailStatus.SENT:
        actor = Actor(user_id=mail.author_id, principal_id=mail.author_id, label="") if mail.author_id else SYSTEM
        text = mail.body[:MAX_TEXT_LENGTH]
        add_activity(kind=ActivityKind.EMAIL, customer_id=customer.pk, subject=mail.subject, text=text, actor=actor)
        return
    subject = EMAIL_NOT_SENT(subject=mail.subject)
    record_change(subject=subject, text=mail.error, actor=SYSTEM, customer_id=customer.pk)


def _save_fields(mail: OrderMail, **values: Any) -> None:
    for name, value in values.items():
        setattr(mail, name, value)
    mail.save(update_fields=[*values, "updated_at"])
