"""Where an order stands when units of it were called off. The family must be locked."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F

from orders.incoming_payments.balances import purses
from orders.lifecycle.changes import change_order
from orders.lifecycle.order_group import Family
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.models.order_item import OrderItem
from orders.models.refund import RefundCause
from orders.refunds.give_back import RefundLine, give_back
from orders.refunds.restocking import give_up, unsell
from orders.shipping.following import follow_parts, follow_refund
from orders.shipping.parcels import call_off_overfull
from orders.states import JOURNEY, CancelReason, OrderStatus, Trigger, is_allowed, status_of_parent
from shared.actor import Actor


def close(
    orders: Iterable[Order], *, why: CancelReason, reason: str, actor: Actor, now: datetime, **event: Any
) -> None:
    """Cancel these orders, with their lines that are not cancelled yet."""
    for order in orders:
        change_order(
            order,
            kind=EventKind.CANCELLED,
            status=OrderStatus.CANCELLED,
            actor=actor,
            now=now,
            reason=reason,
            cancelled_at=now,
            cancel_reason=why,
            **event,
        )
        OrderItem.objects.filter(order=order).exclude(status=OrderStatus.CANCELLED).update(status=OrderStatus.CANCELLED)


def call_off(
    family: Family, lines: Sequence[RefundLine], *, reason: str, actor: Actor, now: datetime, number: str = ""
) -> None:
    """These refunded lines say what does not go out any more: parcels that held it are unpacked, parts of which
    nothing is left are cancelled and the others stand where the rest of their goods are, and what is to be restocked
    is. Locks the counters of what waits, then stock levels: call it last in the transaction."""
    touched = {line.item.order_id for line in lines if line.called_off}
    parts = [part for part in family.parts if part.pk in touched]
    for part in parts:
        call_off_overfull(part)
    emptied = [part for part in parts if _may_close(part) and _is_empty(part)]
    close(emptied, why=CancelReason.STAFF, reason=reason, actor=actor, now=now)
    for part in parts:
        if part not in emptied and part.status in JOURNEY:
            follow_refund(family, part, actor=actor, now=now)
    close_root(family, why=CancelReason.STAFF, reason=reason, actor=actor, now=now)
    if emptied:
        end_whole(family, reason=reason, actor=actor, now=now)
    put_back(family, lines, actor=actor, now=now, reason=f"order {number or family.root.number}")


def end_whole(family: Family, *, reason: str, actor: Actor, now: datetime) -> None:
    """Of an order that is cancelled with all its parts what came in too much or twice goes back, too."""
    if family.root.status != OrderStatus.CANCELLED:
        return
    for payment, purse in purses(family.root):
        if purse.surplus:
            give_back(
                family.root,
                family.root,
                payment=payment,
                amount=purse.surplus,
                cause=RefundCause.SURPLUS,
                reason=reason,
                actor=actor,
                now=now,
            )


def put_back(family: Family, lines: Sequence[RefundLine], *, actor: Actor, now: datetime, reason: str) -> None:
    """Units called off that wait for goods need not come; those to be restocked go back on the shelf."""
    give_up([(line.item, line.called_off) for line in lines], now=now)
    unsell(family, [(line.item, line.restocked) for line in lines], actor=actor, now=now, reason=reason)


def close_root(family: Family, *, why: CancelReason, reason: str, actor: Actor, now: datetime, **event: Any) -> None:
    """A split order is cancelled with the last of its parts; else it stands where the parts that are left do."""
    if not family.children:
        return
    target = status_of_parent(part.status for part in family.parts)
    if target == OrderStatus.CANCELLED and _may_close(family.root):
        close([family.root], why=why, reason=reason, actor=actor, now=now, **event)
    else:
        follow_parts(family, actor=actor, now=now)


def mark_lines_called_off(lines: Iterable[tuple[OrderItem, int]]) -> None:
    """These units do not go out, though nothing is left to give back for them."""
    for item, units in lines:
        OrderItem.objects.filter(pk=item.pk).update(cancelled_quantity=F("cancelled_quantity") + units)
        item.cancelled_quantity += units


def _may_close(order: Order) -> bool:
    return is_allowed(order.status, OrderStatus.CANCELLED, by=Trigger.REFUND)


def _is_empty(part: Order) -> bool:
    return not OrderItem.objects.filter(order=part).exclude(status=OrderStatus.CANCELLED).exists()
