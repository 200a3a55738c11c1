"""Cancelling a paid order that has not left: the goods go back on the shelf and the money to the buyer."""

from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.incoming_payments.amounts import ZERO
from orders.incoming_payments.balances import amount_of_units, given_back, payment_balances, refundable, shipping_left
from orders.lifecycle import reasons
from orders.lifecycle.changes import find_changed
from orders.lifecycle.checks import check_transition, check_version
from orders.lifecycle.locking import lock_order_group
from orders.lifecycle.order_group import OrderGroup
from orders.lifecycle.under_lock import change_under_lock
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.refund import RefundCause
from orders.refunds.closing import close, close_parent, end_whole, mark_lines_cancelled, put_back
from orders.refunds.create_refunds import create_refunds
from orders.refunds.promise import RefundLine, RefundPromise
from orders.reservations.backorders import waiting_units
from orders.services.refunds.refund_order import check_paid
from orders.shipping.following import follow_seller_orders, unpack_overfull
from orders.shipping.unfulfilled import units_to_ship
from orders.states import PAYMENT, CancelReason, OrderStatus, PaymentStatus, Trigger, is_allowed
from shared.actor import Actor
from shared.clock import database_now
from shared.errors import InvalidInput, Refusal
from shared.ids import new_id
from shared.money.checks import check_amounts


class AlreadyShipped(Refusal):
    """`lines` names every line of which units have left."""

    code = "already_shipped"
    title = _("Goods of the order have left")
    members = {"lines": [{"item": UUID, "sku": str, "shipped": int}]}


def cancel_paid_order(
    *,
    order_id: UUID,
    actor: Actor,
    reason: CancelReason,
    note: str = "",
    restocking_fee: Decimal = ZERO,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Order:
    """Cancel a paid order of which nothing was shipped, or one sub-order of it: everything sold goes back on the
    shelf, everything paid (less a fee for an order of one seller) back to the buyer. A cancelled one is returned as it
    is.

    Raises OrderNotFound, StaleVersion, NotPaid, AlreadyShipped, InvalidTransition, RefundTooHigh, Unavailable. Locks:
    the order group, then stock levels in primary-key order. Commits its own transaction.
    """
    event_id = new_id()

    def find() -> Order | None:
        return Order.objects.get(pk=order_id) if find_changed(event_id) else None

    def cancel(group: OrderGroup) -> Order:
        order = group.member(order_id)
        check_version(order, expected_version)
        if order.status != OrderStatus.CANCELLED:
            check_paid(order)
            why = note or reasons.CANCELLED[reason]()
            _cancel_and_refund(group, order, reason, why, restocking_fee, actor, now or database_now(), event_id)
        return order

    return change_under_lock(cancel, lock=partial(lock_order_group, order_id), name="cancel_paid_order", find_done=find)


def _cancel_and_refund(
    group: OrderGroup,
    order: Order,
    reason: CancelReason,
    why: str,
    fee: Decimal,
    actor: Actor,
    now: datetime,
    event_id: UUID,
) -> None:
    check_amounts({"/restocking_fee": fee}, order.currency)
    whole = order.pk == group.parent.pk
    seller_orders = (
        [seller_order for seller_order in group.seller_orders if seller_order.status != OrderStatus.CANCELLED]
        if whole
        else [order]
    )
    # A fee lowers what one seller gives back. Spread over several it would be nobody's.
    if fee and len(seller_orders) > 1:
        text = gettext("The order is split between sellers: a fee is taken from a sub-order.")
        raise InvalidInput(("/restocking_fee", "sub_order_needed", text))
    items = list(OrderItem.objects.filter(order__in=seller_orders).order_by("position"))
    # What has left comes back by a return, which puts on the shelf what really arrived.
    _check_nothing_left(items)
    # All before the first is written: a sub-order that cannot be cancelled leaves the others as they are.
    for seller_order in seller_orders:
        check_transition(seller_order, OrderStatus.CANCELLED, by=Trigger.REFUND)
    lines = _open_lines(items, order.currency)
    for place, seller_order in enumerate(seller_orders):
        own = [line for line in lines if line.item.order_id == seller_order.pk]
        left = refundable(group.parent, seller_order)
        change: dict[str, Any] = {"why": reason, "reason": why, "actor": actor, "now": now}
        # One event has the id that a second try looks for; ids are keys, so the others get their own.
        close([seller_order], event_id=None if place else event_id, **change, **_refunded_fields(seller_order, left))
        if left:
            _promise_refund(group.parent, seller_order, own, left - fee, fee, why, actor, now)
        else:
            # Nothing to give back, as of a free order: the units are called off all the same.
            mark_lines_cancelled([(line.item, line.cancelled_units) for line in own])
    if group.sub_orders:
        spent = _refunded_fields(
            group.parent, sum((balance.refundable for _payment, balance in payment_balances(group.parent)), ZERO)
        )
        close_parent(group, why=reason, reason=why, actor=actor, now=now, **spent)
        follow_seller_orders(group, actor=actor, now=now)
    end_whole(group, reason=why, actor=actor, now=now)
    # Shipments before stock: what is in a packed box is on no shelf, and cannot be put back there.
    for seller_order in seller_orders:
        unpack_overfull(seller_order, actor=actor, now=now, reason=why)
    put_back(group, lines, actor=actor, now=now, reason=reasons.ORDER(number=order.number))


def _refunded_fields(order: Order, left: Decimal) -> dict[str, Any]:
    """What nothing is left of counts as refunded, also where it never cost anything."""
    may_be = is_allowed(order.payment_status, PaymentStatus.REFUNDED, by=Trigger.REFUND, table=PAYMENT)
    return {"payment_status": PaymentStatus.REFUNDED} if may_be and not left else {}


def _check_nothing_left(items: list[OrderItem]) -> None:
    gone = [{"item": str(item.pk), "sku": item.sku, "shipped": item.shipped_quantity} for item in items]
    gone = [line for line in gone if line["shipped"]]
    if gone:
        raise AlreadyShipped(gettext("Goods have left: refund lines, or take them back by a return."), lines=gone)


def _open_lines(items: list[OrderItem], currency: str) -> list[RefundLine]:
    """Every unit that was still to go out."""
    so_far, waiting = given_back(items), waiting_units(item.pk for item in items)
    lines = []
    for item in items:
        units = units_to_ship(item)
        if units:
            amount = amount_of_units(item, units, so_far=so_far.get(item.pk, ZERO), currency=currency)
            # Units that still wait for goods were never taken from a shelf, and go back to none.
            lines.append(RefundLine(item, units, amount, units - waiting.get(item.pk, 0), units))
    return lines


def _promise_refund(
    parent: Order,
    seller_order: Order,
    lines: list[RefundLine],
    amount: Decimal,
    fee: Decimal,
    why: str,
    actor: Actor,
    now: datetime,
) -> None:
    promise = RefundPromise(
        amount=amount,
        cause=RefundCause.CANCELLATION,
        reason=why,
        actor=actor,
        now=now,
        lines=lines,
        restocking_fee=fee,
        # A fee, or what was refunded before, may have left less than the shipping cost.
        shipping_amount=max(min(shipping_left(seller_order), amount), ZERO),
    )
    create_refunds(parent, seller_order, promise)
