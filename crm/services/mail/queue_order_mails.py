"""Turn what happened to orders into e-mails to their buyers. See docs/decisions/order-mails.md."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery

from crm.mail.order_kinds import kind_of
from crm.mail.order_mail_sql import AskedFor, insert_order_mails
from crm.models.order_mail import OrderMail, OrderMailKind, OrderMailProgress, OrderMailStatus, OrderMailTemplate
from crm.services.mail.send_order_mails import LOT, SEND_JOB
from orders.models.order import Order
from orders.models.order_event import EventKind, OrderEvent
from orders.states import UNPAID, CancelReason, OrderStatus, RefundStatus, ShipmentStatus
from shared.background.enqueue import enqueue
from shared.clock import database_now
from shared.database.transactions import take_time
from shared.planner.lookups import InlineWord, one_of

log = structlog.get_logger("kontor.crm")

# An event's moment is the database's, under the order's lock, and its transaction may commit late: so much is read
# again every time. Never by ids: they are in order of the clocks of the machines that made them.
OVERLAP = timedelta(minutes=30)
# So many events are looked at, and so many e-mails written, in one transaction.
PAGE = 2_000
# What is queued for so long is sent by no job: a lot's last try is 65 minutes after its first.
FORGOTTEN_AFTER = timedelta(hours=2)
_DUE = {EventKind.PLACED, EventKind.EXTENDED}


def queue_order_mails(*, now: datetime | None = None, most: int = PAGE) -> int:
    """Write an OrderMail for each event since the last time that a buyer hears of, and for each unpaid order whose
    deadline is near, and ask for the jobs that send them; return how many. All there are, in several transactions.

    What happened before a kind was first seen on is nobody's news. An event has one e-mail of a kind, however often
    and by however many workers this is called. Locks: the rows that say how far it came; another run that holds them
    is left to it. Nothing is written while no mail server is set. `most`: e-mails a transaction. What is still queued
    though its job is gone gets another job.
    """
    _queue_forgotten(now or database_now(), most)
    written, page = 0, _Page()
    while page.has_more:
        page = _queue_page(page.read_to, now, most)
        written += page.written
    if written:
        log.info("order_mails_queued", mails=written)
    return written


@transaction.atomic
def _queue_forgotten(now: datetime, most: int) -> None:
    """Each once in FORGOTTEN_AFTER. If there is a job after all, the second to come finds nothing to send."""
    rows = OrderMail.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("updated_at")
    rows = rows.filter(status=InlineWord(OrderMailStatus.QUEUED), updated_at__lt=now - FORGOTTEN_AFTER)
    forgotten = list(rows.values_list("pk", flat=True)[:most])
    if forgotten:
        OrderMail.objects.filter(one_of("pk", forgotten)).update(updated_at=now)
        _enqueue_lots(forgotten)
        log.warning("order_mails_queued_again", mails=len(forgotten))


@dataclass(frozen=True, slots=True)
class _Page:
    """What one transaction did. `read_to`: where the next one goes on."""

    written: int = 0
    read_to: datetime | None = None
    has_more: bool = True


@transaction.atomic
def _queue_page(read_from: datetime | None, now: datetime | None, most: int) -> _Page:
    """From that moment on, or from OVERLAP before where the run before came to."""
    progress = list(OrderMailProgress.objects.select_for_update(of=("self",), skip_locked=True).order_by("kind"))
    # Another run holds some of them, and comes to the same events.
    if len(progress) < len(OrderMailKind.values):
        return _Page(has_more=False)
    take_time(60)
    now = now or database_now()
    templates = {template.kind: template for template in OrderMailTemplate.objects.all()}
    since = _on_since(progress, templates, now)
    mails, read_to = _of_events(since, read_from or _overlapping(progress, now), now, most)
    reminder = templates.get(OrderMailKind.REMINDER)
    if OrderMailKind.REMINDER in since and reminder is not None:
        mails += _due_reminders(timedelta(minutes=reminder.minutes_before or 0), now, most - len(mails))
    for row in progress:
        row.read_to = read_to
    OrderMailProgress.objects.bulk_update(progress, ["on_since", "read_to"])
    return _Page(_write_with_jobs(mails), read_to, has_more=len(mails) == most)


def _on_since(
    progress: list[OrderMailProgress], templates: dict[str, OrderMailTemplate], now: datetime
) -> dict[str, datetime]:
    """The kinds that are sent, and from when on; noted in the rows."""
    has_server = not settings.EMAIL_BACKEND.endswith("NoMailServer")
    since = {}
    for row in progress:
        template = templates.get(row.kind)
        is_on = has_server and template is not None and template.is_on
        row.on_since = (row.on_since or now) if is_on else None
        if row.on_since is not None:
            since[row.kind] = row.on_since
    return since


def _overlapping(progress: list[OrderMailProgress], now: datetime) -> datetime:
    return min((row.read_to for row in progress if row.read_to), default=now) - OVERLAP


def _of_events(
    since: dict[str, datetime], read_from: datetime, now: datetime, most: int
) -> tuple[list[AskedFor], datetime]:
    """The e-mails of events that have none, and up to when the events were read."""
    if not since:
        return [], now
    told = OrderMail.objects.filter(event=OuterRef("pk"), is_resend=False)
    events = OrderEvent.objects.filter(_told_by(since), ~Exists(told), created_at__gte=read_from)
    columns = ("pk", "kind", "created_at", "order_id", "order__parent_id", "order__cancel_reason")
    page = list(events.order_by("created_at", "pk").values_list(*columns)[:most])
    mails = [
        AskedFor(parent_id or order_id, event_id, kind_of(kind, cancel_reason))
        for event_id, kind, _at, order_id, parent_id, cancel_reason in page
    ]
    return mails, now if len(page) < most else page[-1][2]


def _told_by(since: dict[str, datetime]) -> Q:
    """The events that the kinds tell of, each from its own moment on: whatever is found gets its e-mail, so that none
    is found for ever and stands in the way of others. A shipment's own event tells of it, and the steps that its order
    takes along do not again."""
    whole = Q(order__parent__isnull=True)
    by_customer = Q(order__cancel_reason=CancelReason.CUSTOMER)
    with_shipment = OrderEvent.objects.filter(
        order=OuterRef("order"), kind=EventKind.SHIPPED, created_at=OuterRef("created_at")
    )
    moved = Q(kind=EventKind.STATUS_CHANGED, to_status=OrderStatus.SHIPPED) & ~Q(Exists(with_shipment))
    left = Q(data__shipments__contains=[{"status": ShipmentStatus.SHIPPED.value}])
    of_kind = {
        OrderMailKind.CONFIRMATION: whole & Q(kind=EventKind.PLACED),
        OrderMailKind.CANCELLED_BY_CUSTOMER: whole & by_customer & Q(kind=EventKind.CANCELLED),
        OrderMailKind.CANCELLED_BY_STAFF: whole & ~by_customer & Q(kind=EventKind.CANCELLED),
        OrderMailKind.TIMED_OUT: whole & Q(kind=EventKind.EXPIRED),
        OrderMailKind.SHIPPED: left & (Q(kind=EventKind.SHIPPED) | moved),
        OrderMailKind.REFUNDED: Q(kind=EventKind.REFUNDED, data__refund_status=RefundStatus.DONE.value),
    }
    found = Q(pk__in=[])
    for kind, told in of_kind.items():
        if kind in since:
            found |= told & Q(created_at__gte=since[kind])
    return found


def _due_reminders(before: timedelta, now: datetime, most: int) -> list[AskedFor]:
    """Unpaid orders whose deadline is less than `before` away and was more than twice that when it was set; one
    reminder for each deadline that an order was given. Reads order_unpaid_deadline."""
    set_by = OrderEvent.objects.filter(order=OuterRef("pk"), kind__in=_DUE).order_by("-created_at", "-pk")
    orders = Order.objects.whole().filter(
        status=OrderStatus.PENDING,
        payment_status__in=UNPAID,
        payment_expires_at__gt=now,
        payment_expires_at__lte=now + before,
    )
    known = orders.annotate(
        event_id=Subquery(set_by.values("pk")[:1]), set_at=Subquery(set_by.values("created_at")[:1])
    )
    told = OrderMail.objects.filter(event=OuterRef("event_id"), kind=OrderMailKind.REMINDER, is_resend=False)
    had_time = known.filter(~Exists(told), payment_expires_at__gt=F("set_at") + 2 * before)
    due = had_time.order_by("payment_expires_at").values_list("pk", "event_id")[:most]
    return [AskedFor(order_id, event_id, OrderMailKind.REMINDER) for order_id, event_id in due]


def _write_with_jobs(mails: list[AskedFor]) -> int:
    """The rows that no other has, and the jobs that send them. The unique rule decides."""
    written = insert_order_mails(mails)
    _enqueue_lots(written)
    return len(written)


def _enqueue_lots(mail_ids: list[UUID]) -> None:
    for first in range(0, len(mail_ids), LOT):
        enqueue(SEND_JOB, mail_ids=[str(mail_id) for mail_id in mail_ids[first : first + LOT]])
