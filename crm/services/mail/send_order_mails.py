"""Send orders' e-mails, each at most once. See docs/decisions/order-mails.md."""

import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError

from crm.mail.order_facts import OrderFacts, read_order_facts
from crm.mail.order_mail_sql import note_order_mails
from crm.mail.order_words import write_words
from crm.mail.payment_words import PaymentWords, payment_words
from crm.mail.retries import MAIL_RETRIES
from crm.mail.shop_words import shop_words
from crm.models.order_mail import OrderMail, OrderMailKind, OrderMailStatus, OrderMailTemplate
from crm.services.mail.settle_order_mail import settle_order_mail
from crm.timeline.lines import KIND_TURNED_OFF, NO_ADDRESS, NOT_NEEDED
from orders.states import UNPAID, OrderStatus
from shared.background.enqueue import enqueue
from shared.background.mail import MailServer
from shared.background.mail_faults import MailDelayed, MailRefused, MailServerAway, MailUnclear
from shared.clock import database_now
from shared.database.transactions import outermost_transaction
from shared.errors import InvalidInput, Unavailable
from shared.http.per_request import keeping
from shared.planner.lookups import one_of

log = structlog.get_logger("kontor.crm")

SEND_JOB = "crm.send_order_mails"
# So many are handed to one job. A job ends after so long, and what it has not come to is read anew by another: nothing
# is sent that was read longer ago, a slow server does not keep others' e-mails waiting, and a worker can stop.
LOT = 200
LOT_SECONDS = 5.0


@dataclass(slots=True)
class _Lot:
    """What is still to be done, and what became of the others. `sent` was taken and is not noted as such yet."""

    retries: int
    waiting: deque[OrderFacts]
    templates: Mapping[str, OrderMailTemplate]
    shop: Mapping[str, str]
    payments: Mapping[str, PaymentWords] = field(default_factory=dict)
    sent: UUID | None = None
    delayed: list[UUID] = field(default_factory=list)
    became: Counter[str] = field(default_factory=Counter)


@keeping()  # each letter asks for the shop
def send_order_mails(*, mail_ids: Iterable[UUID], retries: int = 0, seconds: float = LOT_SECONDS) -> dict[str, int]:
    """Send those of the e-mails that are queued, over one connection, and say what became of how many. After so many
    seconds, and at least one e-mail, the others are left to a job of their own.

    SENDING is committed for each before the server is talked to. A crash between that and the answer leaves it so:
    nobody knows whether it arrived, and only staff send it again. What the server surely has not taken stays queued,
    with another job; after MAIL_RETRIES it has failed. Locks: each e-mail, for the moment of a note.
    """
    with outermost_transaction():
        lot = _read_lot(mail_ids, retries)
    if lot.waiting:
        _send_all(lot, seconds)
    if lot.waiting or lot.delayed:
        _ask_for_more(lot)
    return {str(status): mails for status, mails in lot.became.items()}


def _read_lot(mail_ids: Iterable[UUID], retries: int) -> _Lot:
    """The e-mails that are to be sent; those that are not needed any more are noted as such."""
    templates = {template.kind: template for template in OrderMailTemplate.objects.all()}
    lot = _Lot(retries, deque(), templates, shop_words())
    now = database_now()
    skipped: dict[str, list[UUID]] = defaultdict(list)
    for facts in read_order_facts(mail_ids):
        if reason := _why_not(facts, lot.templates.get(facts.queued.kind), now):
            skipped[reason].append(facts.queued.mail_id)
        else:
            lot.waiting.append(facts)
    lot.payments = payment_words({facts.queued.payment_method for facts in lot.waiting})
    for reason, ids in skipped.items():
        queued = OrderMail.objects.filter(one_of("pk", ids), status=OrderMailStatus.QUEUED)
        lot.became[OrderMailStatus.SKIPPED] += queued.update(
            status=OrderMailStatus.SKIPPED, error=reason, updated_at=now
        )
    return lot


def _why_not(facts: OrderFacts, template: OrderMailTemplate | None, now: datetime) -> str:
    order = facts.queued
    if order.erased_at is not None or not order.to:
        return NO_ADDRESS()
    if template is not None and not template.is_on and not order.is_resend:
        return KIND_TURNED_OFF()
    is_unpaid = order.status == OrderStatus.PENDING and order.payment_status in UNPAID
    is_late = order.payment_expires_at is None or order.payment_expires_at <= now
    is_moot = order.kind == OrderMailKind.REMINDER and (not is_unpaid or is_late)
    return NOT_NEEDED() if is_moot or order.deleted_at is not None else ""


def _send_all(lot: _Lot, seconds: float) -> None:
    until = time.monotonic() + seconds
    try:
        with MailServer() as server:
            _send_next(lot, server)
            while lot.waiting and time.monotonic() < until:
                _send_next(lot, server)
    finally:
        if lot.sent is not None:
            note_order_mails(sent=lot.sent)


def _send_next(lot: _Lot, server: MailServer) -> None:
    """One that cannot be written fails alone; what the database cannot do now is to be done by the job's next run."""
    facts = lot.waiting.popleft()
    mail_id, to = facts.queued.mail_id, facts.queued.to
    try:
        payment = lot.payments.get(facts.queued.payment_method)
        subject, body = write_words(facts, lot.templates[facts.queued.kind], lot.shop, payment)
        # What became of the one before goes along: one commit a letter, not two.
        is_ours = note_order_mails(sent=lot.sent, next_one=mail_id, to=to, subject=subject, body=body)
    except InvalidInput as error:
        _write_outcome(lot, mail_id, OrderMailStatus.FAILED, error.detail, was=OrderMailStatus.QUEUED)
    except (Unavailable, OperationalError, InterfaceError):
        raise
    except Exception as error:  # one e-mail's own fault, whatever it is, must not hold up the others
        log.error("order_mail_not_written", mail=str(mail_id), exc_info=True)
        _write_outcome(lot, mail_id, OrderMailStatus.FAILED, _name_fault(error), was=OrderMailStatus.QUEUED)
    else:
        lot.sent = None
        if is_ours:  # else another worker has it, or it was deleted
            _hand_over(lot, server, mail_id, to, subject, body)


def _hand_over(lot: _Lot, server: MailServer, mail_id: UUID, to: str, subject: str, body: str) -> None:
    try:
        server.send(to=to, subject=subject, body=body, message_id=f"order-mail-{mail_id}")
    except MailRefused as error:
        _write_outcome(lot, mail_id, OrderMailStatus.FAILED, str(error))
    except MailUnclear as error:
        _write_outcome(lot, mail_id, OrderMailStatus.SENDING, str(error))
    except MailDelayed as error:
        _put_off(lot, mail_id, error)
    except Exception as error:  # nobody knows how far it came: in doubt, and the next begins on a new connection
        log.error("order_mail_in_doubt", mail=str(mail_id), exc_info=True)
        server.close()
        _write_outcome(lot, mail_id, OrderMailStatus.SENDING, _name_fault(error))
    else:
        lot.sent = mail_id
        lot.became[OrderMailStatus.SENT] += 1


def _name_fault(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _put_off(lot: _Lot, mail_id: UUID, error: MailDelayed) -> None:
    if lot.retries >= MAIL_RETRIES:
        _write_outcome(lot, mail_id, OrderMailStatus.FAILED, str(error))
        return
    _write_outcome(lot, mail_id, OrderMailStatus.QUEUED, str(error))
    lot.delayed.append(mail_id)
    if isinstance(error, MailServerAway):  # the others need not be tried to know
        lot.delayed += [other.queued.mail_id for other in lot.waiting]
        lot.waiting.clear()


def _ask_for_more(lot: _Lot) -> None:
    """Jobs for what is still queued. A crash before this has the lot's own job run again, with the same effect."""
    with outermost_transaction():
        if lot.waiting:
            rest = [str(facts.queued.mail_id) for facts in lot.waiting]
            enqueue(SEND_JOB, mail_ids=rest, retries=lot.retries)
        if lot.delayed:
            later = timedelta(seconds=5 ** (lot.retries + 1))
            enqueue(SEND_JOB, wait=later, mail_ids=[str(mail_id) for mail_id in lot.delayed], retries=lot.retries + 1)


def _write_outcome(
    lot: _Lot,
    mail_id: UUID,
    status: OrderMailStatus,
    error: str,
    *,
    was: OrderMailStatus = OrderMailStatus.SENDING,
) -> None:
    settle_order_mail(mail_id=mail_id, was=was, status=status, error=error)
    lot.became[status] += 1
