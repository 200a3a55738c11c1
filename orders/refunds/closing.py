"""Where an order stands when units of it were called off. The order group must be locked."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F

from orders.incoming_payments.balances import payment_balances
from orders.lifecycle import reasons
from orders.lifecycle.changes import change_order
from orders.lifecycle.order_group import OrderGroup
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.models.order_item import OrderItem
from orders.models.refund import RefundCause
from orders.refunds.create_refunds import create_refunds
from orders.refunds.promise import RefundLine, RefundPromise
from orders.refunds.restocking import give_up, restock_cancelled
from orders.shipping.following import follow_refund, follow_seller_orders, unpack_overfull
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
        # change_order takes along the lines that stand where the order stands; whichever stood elsewhere is closed
        # here.
        OrderItem.objects.filter(order=order).exclude(status=OrderStatus.CANCELLED).update(status=OrderStatus.CANCELLED)


def cancel_units(
    group: OrderGroup, lines: Sequence[RefundLine], *, reason: str, actor: Actor, now: datetime, number: str = ""
) -> None:
    """These refunded lines say what does not go out any more: shipments that held it are unpacked, sub-orders of which
    nothing is left are cancelled and the others stand where the rest of their goods are, and what is to be restocked
    is. Locks the counters of what waits, then stock levels: call it last in the transaction."""
    touched = {line.item.order_id for line in lines if line.cancelled_units}
    seller_orders = [seller_order for seller_order in group.seller_orders if seller_order.pk in touched]
    for seller_order in seller_orders:
        # Shipments first: what lies packed for units that are cancelled would else still be sent.
        unpack_overfull(seller_order, actor=actor, now=now, reason=reason)
    emptied = [seller_order for seller_order in seller_orders if _may_close(seller_order) and _is_empty(seller_order)]
    # The sub-orders before their parent order, whose status follows from theirs.
    close(emptied, why=CancelReason.STAFF, reason=reason, actor=actor, now=now)
    for seller_order in seller_orders:
        if seller_order not in emptied and seller_order.status in JOURNEY:
            follow_refund(group, seller_order, actor=actor, now=now)
    close_parent(group, why=CancelReason.STAFF, reason=reason, actor=actor, now=now)
    if emptied:
        end_whole(group, reason=reason, actor=actor, now=now)
    # Last: it locks counters, then stock levels.
    put_back(group, lines, actor=actor, now=now, reason=reasons.ORDER(number=number or group.parent.number))


def end_whole(group: OrderGroup, *, reason: str, actor: Actor, now: datetime) -> None:
    """Of an order that is cancelled with all its sub-orders what came in too much or twice goes back, too."""
    if group.parent.status != OrderStatus.CANCELLED:
        return
    # What counts for the order went back with its lines; this came on top of it, and no line asks for it.
    for payment, balance in payment_balances(group.parent):
        if balance.overpaid:
            promise = RefundPromise(
                payment=payment,
                amount=balance.overpaid,
                cause=RefundCause.OVERPAYMENT,
                reason=reason,
                actor=actor,
                now=now,
            )
            create_refunds(group.parent, group.parent, promise)


def put_back(group: OrderGroup, lines: Sequence[RefundLine], *, actor: Actor, now: datetime, reason: str) -> None:
    """Units called off that wait for goods need not come; those to be restocked go back on the shelf."""
    # Before the stock: backorder counters come before levels in the lock order.
    give_up([(line.item, line.cancelled_units) for line in lines], now=now)
    restock_cancelled(group, [(line.item, line.restocked) for line in lines], actor=actor, now=now, reason=reason)


def close_parent(
    group: OrderGroup, *, why: CancelReason, reason: str, actor: Actor, now: datetime, **event: Any
) -> None:
    """A split order is cancelled with the last of its sub-orders; else it stands where the sub-orders that are left
    do."""
    if not group.sub_orders:
        return
    target = status_of_parent(seller_order.status for seller_order in group.seller_orders)
    # Of an order that was cancelled before refunds may still be made: it stays as it is.
    if target == OrderStatus.CANCELLED and _may_close(group.parent):
        close([group.parent], why=why, reason=reason, actor=actor, now=now, **event)
    else:
        follow_seller_orders(group, actor=actor, now=now)


def mark_lines_cancelled(lines: Iterable[tuple[OrderItem, int]]) -> None:
    """These units do not go out, though nothing is left to give back for them."""
    for item, units in lines:
        # Relative, so that a CHECK refuses what two callers without the lock would cancel together.
        OrderItem.objects.filter(pk=item.pk).update(cancelled_quantity=F("cancelled_quantity") + units)
        item.cancelled_quantity += units


def _may_close(order: Order) -> bool:
    return is_allowed(order.status, OrderStatus.CANCELLED, by=Trigger.REFUND)


def _is_empty(seller_order: Order) -> bool:
    return not OrderItem.objects.filter(order=seller_order).exclude(status=OrderStatus.CANCELLED).exists()
