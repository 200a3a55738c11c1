"""An attempt to pay that came to nothing. The order group must be locked."""

from datetime import datetime
from typing import Any

from orders.lifecycle.changes import change_order_group
from orders.lifecycle.order_group import OrderGroup
from orders.models.order_event import EventKind
from orders.models.payment import Payment, PaymentRecordStatus
from orders.states import PAYMENT, OrderStatus, PaymentStatus, Trigger, is_allowed
from shared.actor import Actor


def note_failure(group: OrderGroup, *, actor: Actor, now: datetime, reason: str, data: dict[str, Any]) -> bool:
    """The order's payment FAILED, and whether that was news. It can still be paid, and still expires.

    Call it when no other attempt is open. An order that part of the money came in for goes on waiting for the rest.
    """
    order = group.parent
    may_fail = is_allowed(order.payment_status, PaymentStatus.FAILED, by=Trigger.FAILURE, table=PAYMENT)
    if order.status != OrderStatus.PENDING or not may_fail:
        return False
    # FAILED would hide from staff that some of the money is here.
    if Payment.objects.filter(order=order, status=PaymentRecordStatus.UNDERPAID).exists():
        return False
    change_order_group(
        group,
        kind=EventKind.PAYMENT_FAILED,
        actor=actor,
        now=now,
        reason=reason[:200],
        data=data,
        payment_status=PaymentStatus.FAILED,
    )
    return True
