"""An order becomes paid: its state and event, the sale of what it holds, and earlier short payments that now count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop

from orders.incoming_payments.due import ZERO
from orders.lifecycle.changes import change_order_group, change_orders
from orders.lifecycle.checks import check_transition
from orders.lifecycle.order_group import OrderGroup
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.models.payment import Payment, PaymentRecordStatus
from orders.reservations.holds import end_holds
from orders.states import OrderStatus, PaymentStatus, ReservationStatus, Trigger
from shared.actor import Actor
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class IncomingPayment:
    """What came in, in the order's currency. `event_id` is that of the event which will tell of it."""

    amount: Decimal
    reference: str
    actor: Actor
    event_id: UUID
    provider: str = "manual"
    method: str = ""
    intent_id: UUID | None = None


def sell_holds(group: OrderGroup, incoming: IncomingPayment, now: datetime) -> None:
    """What the order group holds is sold."""
    # All of the group's in one: stock levels of several sellers are locked in one order of primary keys.
    end_holds(group.ids, as_status=ReservationStatus.CONVERTED, actor=incoming.actor, now=now)


def count_partial_payments(payments: Sequence[Payment], now: datetime) -> None:
    """Payments that were too little alone pay the order together."""
    if payments:
        Payment.objects.filter(pk__in=[payment.pk for payment in payments]).update(
            status=PaymentRecordStatus.PAID, is_partial=True, settled_at=now
        )


def confirm_paid(
    group: OrderGroup, incoming: IncomingPayment, now: datetime, *, by: Trigger, data: dict[str, Any]
) -> None:
    """The order is paid: state, dates, event."""
    check_transition(group.parent, OrderStatus.CONFIRMED, by=by)
    change_order_group(
        group,
        kind=EventKind.PAID,
        status=OrderStatus.CONFIRMED,
        actor=incoming.actor,
        now=now,
        reason=incoming.reference[:200],
        data=data,
        event_id=incoming.event_id,
        **_of_paid_order(now),
    )


def confirm_paid_orders(
    orders: Sequence[Order], *, actor: Actor, now: datetime, event_ids: Mapping[UUID, UUID]
) -> None:
    """As confirm_paid, for many unpaid orders of one seller each, of which each one's total came in."""
    for order in orders:
        check_transition(order, OrderStatus.CONFIRMED, by=Trigger.PAYMENT)
    change_orders(
        event_ids,
        orders,
        kind=EventKind.PAID,
        status=OrderStatus.CONFIRMED,
        actor=actor,
        now=now,
        **_of_paid_order(now),
    )


def _of_paid_order(now: datetime) -> dict[str, Any]:
    return {
        "payment_status": PaymentStatus.PAID,
        "paid_at": now,
        # A paid order has no deadline: the sweep finds what it ends by this column alone.
        "payment_expires_at": None,
        # A late payment revives a cancelled order: what said that it was cancelled goes with that.
        "cancelled_at": None,
        "cancel_reason": "",
        # None, not zero: what is due follows from the total until a change of a paid order says otherwise.
        "open_amount": None,
    }


def confirm_free(group: OrderGroup, *, actor: Actor, now: datetime) -> None:
    """Nothing is to be paid for the unpaid order: it is confirmed as a paid one, without a payment. Locks stock levels,
    in primary-key order: call it last in the transaction."""
    # No payment row: nothing came in, and every payment in the books stands for money that did.
    incoming = IncomingPayment(ZERO, gettext_noop("nothing to pay"), actor, new_id())
    confirm_paid(group, incoming, now, by=Trigger.NOTHING_DUE, data={})
    sell_holds(group, incoming, now)
