"""Cancelling a paid order that has not left: the goods go back on the shelf and the money to the buyer."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.services.amounts import check_amounts
from orders.incoming_payments.amounts import ZERO
from orders.incoming_payments.balances import amount_of_units, given_back, purses, refundable, shipping_left
from orders.lifecycle.changes import check_transition, check_version, find_changed
from orders.lifecycle.locking import lock_family
from orders.lifecycle.order_group import Family
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.refund import RefundCause
from orders.refunds.closing import close, close_root, end_whole, mark_lines_called_off, put_back
from orders.refunds.give_back import RefundLine, give_back
from orders.reservations.backorders import waiting_units
from orders.services.refunds.refund_order import check_paid
from orders.shipping.following import follow_parts
from orders.shipping.parcels import call_off_overfull
from orders.shipping.rest import units_to_ship
from orders.states import PAYMENT, CancelReason, OrderStatus, PaymentStatus, Trigger, is_allowed
from shared.actor import Actor
from shared.clock import database_now
from shared.errors import InvalidInput, Refusal
from shared.ids import new_id
from shared.reasons import kept_reason
from shared.transactions import outermost_transaction, retry_transaction


class AlreadyShipped(Refusal):
    """`lines` names every line of which units have left."""

    code = "already_shipped"
    title = _("Goods of the order have left")


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
    """Cancel a paid order of which nothing was shipped, or one seller's part of it: everything sold goes back on the
    shelf, everything paid (less a fee for an order of one seller) back to the buyer. A cancelled one is returned as it
    is.

    Raises OrderNotFound, StaleVersion, NotPaid, AlreadyShipped, InvalidTransition, RefundTooHigh, Unavailable. Locks:
    the family, then stock levels in primary-key order. Commits its own transaction.
    """
    event_id = new_id()

    def find() -> Order | None:
        return Order.objects.get(pk=order_id) if find_changed(event_id) else None

    def work(again: bool) -> Order:
        with outermost_transaction():
            family = lock_family(order_id)
            order = family.member(order_id)
            if again and (done := find()):
                return done
            check_version(order, expected_version)
            if order.status != OrderStatus.CANCELLED:
                check_paid(order)
                why = note or kept_reason(reason.label)
                _cancel(family, order, reason, why, restocking_fee, actor, now or database_now(), event_id)
            return order

    return retry_transaction(work, name="cancel_paid_order", find_done=find)


def _cancel(
    family: Family,
    order: Order,
    reason: CancelReason,
    why: str,
    fee: Decimal,
    actor: Actor,
    now: datetime,
    event_id: UUID,
) -> None:
    check_amounts({"/restocking_fee": fee}, order.currency)
    whole = order.pk == family.root.pk
    parts = [part for part in family.parts if part.status != OrderStatus.CANCELLED] if whole else [order]
    if fee and len(parts) > 1:
        text = gettext("The order is split between sellers: a fee is taken from a part of it.")
        raise InvalidInput(("/restocking_fee", "part_needed", text))
    items = list(OrderItem.objects.filter(order__in=parts).order_by("position"))
    _check_nothing_left(items)
    for part in parts:
        check_transition(part, OrderStatus.CANCELLED, by=Trigger.REFUND)
    lines = _lines(items, order.currency)
    for place, part in enumerate(parts):
        own = [line for line in lines if line.item.order_id == part.pk]
        left = refundable(family.root, part)
        change: dict[str, Any] = {"why": reason, "reason": why, "actor": actor, "now": now}
        close([part], event_id=None if place else event_id, **change, **_spent(part, left))
        if left:
            _refund(family.root, part, own, left - fee, fee, why, actor, now)
        else:
            mark_lines_called_off([(line.item, line.called_off) for line in own])
    if family.children:
        spent = _spent(family.root, sum((purse.usable for _payment, purse in purses(family.root)), ZERO))
        close_root(family, why=reason, reason=why, actor=actor, now=now, **spent)
        follow_parts(family, actor=actor, now=now)
    end_whole(family, reason=why, actor=actor, now=now)
    for part in parts:
        call_off_overfull(part)
    put_back(family, lines, actor=actor, now=now, reason=f"order {order.number}")


def _spent(order: Order, left: Decimal) -> dict[str, Any]:
    """What nothing is left of counts as refunded, also where it never cost anything."""
    may_be = is_allowed(order.payment_status, PaymentStatus.REFUNDED, by=Trigger.REFUND, table=PAYMENT)
    return {"payment_status": PaymentStatus.REFUNDED} if may_be and not left else {}


def _check_nothing_left(items: list[OrderItem]) -> None:
    gone = [{"item": str(item.pk), "sku": item.sku, "shipped": item.shipped_quantity} for item in items]
    gone = [line for line in gone if line["shipped"]]
    if gone:
        raise AlreadyShipped(gettext("Goods have left: refund lines, or take them back by a return."), lines=gone)


def _lines(items: list[OrderItem], currency: str) -> list[RefundLine]:
    """Every unit that was still to go out."""
    so_far, waiting = given_back(items), waiting_units(item.pk for item in items)
    lines = []
    for item in items:
        units = units_to_ship(item)
        if units:
            amount = amount_of_units(item, units, so_far=so_far.get(item.pk, ZERO), currency=currency)
            lines.append(RefundLine(item, units, amount, units - waiting.get(item.pk, 0), units))
    return lines


def _refund(
    root: Order,
    part: Order,
    lines: list[RefundLine],
    amount: Decimal,
    fee: Decimal,
    why: str,
    actor: Actor,
    now: datetime,
) -> None:
    give_back(
        root,
        part,
        amount=amount,
        cause=RefundCause.CANCELLATION,
        reason=why,
        actor=actor,
        now=now,
        items=lines,
        restocking_fee=fee,
        shipping_amount=max(min(shipping_left(part), amount), ZERO),
    )
