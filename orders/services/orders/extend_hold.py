"""Putting an unpaid order's payment deadline off."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.lifecycle.changes import change_order_group, find_changed
from orders.lifecycle.checks import check_version
from orders.lifecycle.locking import lock_parent_order
from orders.lifecycle.order_group import OrderGroup
from orders.lifecycle.under_lock import change_under_lock
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.models.reservation import Reservation
from orders.reservations.hold_terms import terms_for
from orders.states import CancelReason, OrderStatus, ReservationStatus
from shared.actor import Actor
from shared.clock import database_now
from shared.errors import Refusal
from shared.ids import new_id


class ReservationExpired(Refusal):
    code = "reservation_expired"
    title = _("The time to pay is over")


class ExtensionLimit(Refusal):
    code = "extension_limit"
    title = _("The deadline was put off as often as it may be")
    members = {"max_extensions": int}


class NothingToExtend(Refusal):
    """Paid, cancelled by hand, or without a deadline."""

    code = "nothing_to_extend"
    title = _("The order waits for no payment by a deadline")
    members = {"status_now": str}


def extend_hold(
    *,
    order_id: UUID,
    actor: Actor,
    reason: str = "",
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Order:
    """Put off the payment deadline of the order and of all it holds, by the minutes and as often as its terms say.

    What is overdue stays so, swept or not: its stock may be promised to others. Raises OrderNotFound, IsSubOrder,
    StaleVersion, NothingToExtend, ReservationExpired, ExtensionLimit, Unavailable. Locks: the order with its order
    group. Commits its own transaction.
    """
    event_id = new_id()

    def extend(group: OrderGroup) -> Order:
        check_version(group.parent, expected_version)
        _extend_deadline(group, actor=actor, reason=reason, now=now or database_now(), event_id=event_id)
        return group.parent

    return change_under_lock(
        extend,
        lock=partial(lock_parent_order, order_id),
        name="extend_hold",
        find_done=partial(find_changed, event_id),
    )


def _extend_deadline(group: OrderGroup, *, actor: Actor, reason: str, now: datetime, event_id: UUID) -> None:
    order = group.parent
    before = _open_deadline(order, now)
    terms = terms_for(order)
    if order.hold_extensions >= terms.max_extensions:
        raise ExtensionLimit(
            gettext("The deadline of order %(number)s may be put off %(most)s times, and was.")
            % {"number": order.number, "most": terms.max_extensions},
            max_extensions=terms.max_extensions,
        )
    # From the old deadline on, so that whoever asks early loses nothing by it.
    after = before + timedelta(minutes=terms.extension_minutes)
    change_order_group(
        group,
        kind=EventKind.EXTENDED,
        actor=actor,
        now=now,
        reason=reason,
        data={"from": before.isoformat(), "to": after.isoformat(), "minutes": terms.extension_minutes},
        event_id=event_id,
        sub_orders_keep=("payment_expires_at",),
        payment_expires_at=after,
        hold_extensions=order.hold_extensions + 1,
    )
    holds = Reservation.objects.filter(item__order_id__in=group.ids, status=ReservationStatus.ACTIVE)
    # Holds carry the deadline as well: by it a buyer who is short of stock finds overdue ones on a level.
    holds.update(expires_at=after, updated_at=now)


def _open_deadline(order: Order, now: datetime) -> datetime:
    """The deadline, which is still to come."""
    deadline = order.payment_expires_at
    expired = order.cancel_reason == CancelReason.PAYMENT_TIMEOUT
    # The same answer before and after the sweep came by: it must not depend on the second in which one asks.
    if expired or (order.status == OrderStatus.PENDING and deadline is not None and deadline <= now):
        raise ReservationExpired(gettext("The time to pay order %(number)s is over.") % {"number": order.number})
    if order.status != OrderStatus.PENDING or deadline is None:
        raise NothingToExtend(
            gettext("Order %(number)s is %(status)s and waits for no payment by a deadline.")
            % {"number": order.number, "status": order.get_status_display().lower()},
            status_now=order.status,
        )
    return deadline
