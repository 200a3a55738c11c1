"""Cancelling an unpaid order."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.lifecycle import reasons
from orders.lifecycle.changes import change_order_group, find_changed
from orders.lifecycle.checks import check_transition, check_version
from orders.lifecycle.locking import check_live, lock_parent_order
from orders.lifecycle.order_group import OrderGroup
from orders.lifecycle.under_lock import change_under_lock
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.models.payment import Payment, PaymentRecordStatus
from orders.pricing.coupon_use import give_coupon_back
from orders.reservations.backorders import cancel_backorders
from orders.reservations.holds import end_holds
from orders.states import (
    MONEY_IS_HERE,
    CancelReason,
    OrderStatus,
    PaymentStatus,
    ReservationStatus,
    Trigger,
)
from shared.actor import Actor
from shared.clock import database_now
from shared.errors import Refusal
from shared.ids import new_id


class AlreadyPaid(Refusal):
    code = "already_paid"
    title = _("The order is paid")


def cancel_order(
    *,
    order_id: UUID,
    actor: Actor,
    reason: CancelReason,
    note: str = "",
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Order:
    """Cancel the order and give its stock back; a cancelled one is returned as it is. `note` goes into the event.

    Raises OrderNotFound, IsSubOrder, StaleVersion, AlreadyPaid, Unavailable. Locks: the order, its coupon, then its
    stock levels in primary-key order. Commits its own transaction.
    """
    event_id = new_id()

    def cancel(group: OrderGroup) -> Order:
        order = group.parent
        check_live(order)
        check_version(order, expected_version)
        # Asked twice it is done once: a client whose answer was lost sends the same again.
        if order.status != OrderStatus.CANCELLED:
            _cancel_group(group, actor=actor, reason=reason, note=note, now=now or database_now(), event_id=event_id)
        return order

    return change_under_lock(
        cancel,
        lock=partial(lock_parent_order, order_id),
        name="cancel_order",
        find_done=partial(find_changed, event_id),
    )


def _cancel_group(
    group: OrderGroup, *, actor: Actor, reason: CancelReason, note: str, now: datetime, event_id: UUID
) -> None:
    order = group.parent
    # Under the lock: a payment may have come while the client looked at an unpaid order.
    if order.payment_status in MONEY_IS_HERE:
        raise AlreadyPaid(
            gettext("Order %(number)s is paid: it cannot be cancelled without a refund.") % {"number": order.number}
        )
    check_transition(order, OrderStatus.CANCELLED, by=Trigger.CANCEL)
    change_order_group(
        group,
        kind=EventKind.CANCELLED,
        status=OrderStatus.CANCELLED,
        actor=actor,
        now=now,
        reason=note or reasons.CANCELLED[reason](),
        event_id=event_id,
        cancelled_at=now,
        cancel_reason=reason,
        **_refund_due_fields(order),
    )
    # Coupon, counters, then levels: the one lock order, so that this and placing never wait for each other.
    give_coupon_back(order)
    cancel_backorders(group.ids, now=now)
    of_order = reasons.ORDER(number=order.number)
    end_holds(group.ids, as_status=ReservationStatus.CANCELLED, actor=actor, now=now, reason=of_order)


def _refund_due_fields(order: Order) -> dict[str, Any]:
    """Money that waited for the rest must go back. An order that nothing has happened to since it was placed (its
    version is still the first) has none, and is not asked."""
    if order.version == 1:
        return {}
    # Only those: an unpaid order has no payment that counts, and what is REFUND_DUE already stays so.
    waiting = Payment.objects.filter(order=order, status=PaymentRecordStatus.UNDERPAID)
    is_owed = waiting.update(status=PaymentRecordStatus.REFUND_DUE)
    return {"payment_status": PaymentStatus.REFUND_DUE} if is_owed else {}
