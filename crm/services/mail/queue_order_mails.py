"""Turn what happened to orders into e-mails to their buyers. See docs/decisions/order-mails.md."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery

from crm.mail.order_kinds import kind_of
from crm.models.order_mail import OrderMail, OrderMailKind, OrderMailProgress, OrderMailTemplate
from orders.lifecycle.order_group import parent_id_of
from orders.models.order import Order
from orders.models.order_event import EventKind, OrderEvent
from orders.states import UNPAID, CancelReason, OrderStatus, RefundStatus, ShipmentStatus
from shared.background.enqueue import enqueue
from shared.clock import database_now
from shared.database.transactions import take_time
from shared.ids import new_id

log = structlog.get_logger("kontor.crm")

SEND_JOB = "crm.send_order_mail"
# An event's moment is the database's, under the order's lock, and its transaction may commit late: so much is read
# again every time. Never by ids: they are in order of the clocks of the machines that made them.
OVERLAP = timedelta(minutes=30)
# So many events are looked at in one run, and so many e-mails written; the next run goes on.
MOST = 2_000
_DUE = {EventKind.PLACED, EventKind.EXTENDED}


@transaction.atomic
def queue_order_mails(*, now: datetime | None = None) -> int:
    """Write an OrderMail, and ask for its job, for each event since the last time that a buyer hears of, and for each
    unpaid order whose deadline is near; return how many.

    What happened before a kind was first seen on is nobody's news. An event has one e-mail of a kind, however often
    and by however many workers this is called. Locks: the rows that say how far it came; another run that holds them
    is left to it. Nothing is written while no mail server is set.
    """
    progress = list(OrderMailProgress.objects.select_for_update(of=("self",), skip_locked=True).order_by("kind"))
    if len(progress) < len(OrderMailKind.values):
        return 0
    take_time(60)
    now = now or database_now()
    templates = {template.kind: template for template in OrderMailTemplate.objects.all()}
    has_server = not settings.EMAIL_BACKEND.endswith("NoMailServer")
    since = {}
    for row in progress:
        template = templates.get(row.kind)
        is_on = has_server and template is not None and template.is_on
        row.on_since = (row.on_since or now) if is_on else None
        if row.on_since is not None:
            since[row.kind] = row.on_since
    read_from = min((row.read_to for row in progress if row.read_to), default=now)
    mails, read_to = _of_events(since, read_from, now)
    reminder = templates.get(OrderMailKind.REMINDER)
    if OrderMailKind.REMINDER in since and reminder is not None:
        mails += _due_reminders(timedelta(minutes=reminder.minutes_before or 0), now)
    for row in progress:
        row.read_to = read_to
    OrderMailProgress.objects.bulk_update(progress, ["on_since", "read_to"])
    return _write_with_jobs(mails)


def _of_events(since: dict[str, datetime], read_from: datetime, now: datetime) -> tuple[list[OrderMail], datetime]:
    """The e-mails of events that have none, and up to when the events were read."""
    if not since:
        return [], now
    told = OrderMail.objects.filter(event=OuterRef("pk"), is_resend=False)
    events = OrderEvent.objects.filter(_told_by(since), ~Exists(told), created_at__gte=read_from - OVERLAP)
    page = list(events.order_by("created_at", "pk").select_related("order")[:MOST])
    mails = [
        OrderMail(id=new_id(), order_id=parent_id_of(event.order), event=event, kind=kind_of(event)) for event in page
    ]
    return mails, now if len(page) < MOST else page[-1].created_at


def _told_by(since: dict[str, datetime]) -> Q:
    """The events that the kinds tell of, each from its own moment on: whatever is found gets its e-mail, so that none
    is found for ever and stands in the way of others. A parcel's own event tells of it, and the steps that its order
    takes along do not again."""
    whole = Q(order__parent__isnull=True)
    by_customer = Q(order__cancel_reason=CancelReason.CUSTOMER)
    with_parcel = OrderEvent.objects.filter(
        order=OuterRef("order"), kind=EventKind.SHIPPED, created_at=OuterRef("created_at")
    )
    moved = Q(kind=EventKind.STATUS_CHANGED, to_status=OrderStatus.SHIPPED) & ~Q(Exists(with_parcel))
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


def _due_reminders(before: timedelta, now: datetime) -> list[OrderMail]:
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
    due = had_time.order_by("payment_expires_at").values_list("pk", "event_id")[:MOST]
    return [
        OrderMail(id=new_id(), order_id=order_id, event_id=event_id, kind=OrderMailKind.REMINDER)
        for order_id, event_id in due
    ]


def _write_with_jobs(mails: Iterable[OrderMail]) -> int:
    """The rows that no other has, each with its job. The unique rule decides."""
    wanted = list(mails)
    OrderMail.objects.bulk_create(wanted, ignore_conflicts=True)
    written = list(_ids_written([mail.pk for mail in wanted]))
    for mail_id in written:
        enqueue(SEND_JOB, mail_id=str(mail_id))
    if written:
        log.info("order_mails_queued", mails=len(written))
    return len(written)


def _ids_written(ids: list[UUID]) -> Iterator[UUID]:
    yield from OrderMail.objects.filter(pk__in=ids).order_by("id").values_list("pk", flat=True)
