"""The money for goods that came back."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from orders.incoming_payments.amounts import ZERO
from orders.incoming_payments.balances import amount_of_units, given_back, refundable, shipping_left
from orders.models.order_item import OrderItem
from orders.models.order_return import Return
from orders.models.refund import RefundCause
from orders.refunds.create_refunds import create_refunds
from orders.refunds.promise import RefundLine, RefundPromise
from orders.refunds.returning import LockedReturn, change_return, set_return
from orders.services.refunds.refund_order import check_paid
from orders.states import ReturnStatus, Trigger
from shared.actor import Actor
from shared.ids import new_id
from shared.money.checks import check_amounts


def refund_return(
    *,
    return_id: UUID,
    actor: Actor,
    restocking_fee: Decimal = ZERO,
    shipping: bool = False,
    note: str = "",
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Return:
    """RECEIVED to REFUNDED: the units that came, less a fee, with or without what is left of shipping, are promised
    back; what was refunded without waiting for the goods is not refunded again.

    Raises ReturnNotFound, StaleVersion, InvalidTransition, NotPaid, RefundTooHigh, InvalidInput, Unavailable. Locks the
    order's order group. Commits its own transaction.
    """

    def work(locked: LockedReturn) -> None:
        check_paid(locked.seller_order)
        reason = note or locked.order_return.reason
        given = _refund_units(locked, restocking_fee, shipping, reason, actor)
        told = replace(locked, event_id=new_id()) if given else locked  # the money's event is found by a second try
        set_return(told, actor=actor, reason=note, status=ReturnStatus.REFUNDED)

    return change_return(
        return_id=return_id,
        target=ReturnStatus.REFUNDED,
        by=Trigger.REFUND,
        expected_version=expected_version,
        now=now,
        work=work,
    )


def _refund_units(locked: LockedReturn, fee: Decimal, shipping: bool, reason: str, actor: Actor) -> bool:
    check_amounts({"/restocking_fee": fee}, locked.seller_order.currency)
    lines = lines_of(locked.order_return, locked.seller_order.currency)
    whole = sum((line.amount for line in lines), shipping_left(locked.seller_order) if shipping else ZERO)
    # Capped, not refused: a free amount that went back earlier may have taken from the same money.
    most = min(whole, refundable(locked.group.parent, locked.seller_order))
    # All of it went back before the goods came: the return ends without a refund.
    if not most and not fee:
        return False
    promise = RefundPromise(
        amount=most - fee,
        cause=RefundCause.RETURN,
        reason=reason,
        actor=actor,
        now=locked.now,
        event_id=locked.event_id,
        lines=lines,
        restocking_fee=fee,
        shipping_amount=shipping_left(locked.seller_order) if shipping else ZERO,
        order_return=locked.order_return,
    )
    create_refunds(locked.group.parent, locked.seller_order, promise)
    return True


def lines_of(order_return: Return, currency: str) -> list[RefundLine]:
    """What its units come to that came back and were not refunded yet. Reads only."""
    rows = list(order_return.items.select_related("item").order_by("id"))
    so_far = given_back(row.item for row in rows)
    return [
        RefundLine(row.item, units, _worth_of_units(row.item, units, so_far.get(row.item_id, ZERO), currency))
        for row in rows
        # Units that were refunded without waiting for the goods have had their money.
        if (units := min(row.received_quantity, row.item.quantity - row.item.refunded_quantity))
    ]


def _worth_of_units(item: OrderItem, units: int, so_far: Decimal, currency: str) -> Decimal:
    return amount_of_units(item, units, so_far=so_far, currency=currency)
