"""What a return brings its buyer, and promising it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from orders.incoming_payments.amounts import ZERO
from orders.incoming_payments.balances import amount_of_units, given_back, refundable, shipping_left
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.refund import RefundCause
from orders.refunds.create_refunds import create_refunds
from orders.refunds.promise import RefundLine, RefundPromise
from orders.refunds.returning import LockedReturn, set_return
from orders.states import ReturnStatus
from shared.actor import Actor
from shared.ids import new_id
from shared.money.checks import check_amounts


@dataclass(frozen=True, slots=True)
class RefundTerms:
    """A fee that is taken off what goes back, and whether what is left of the shipping goes back, too."""

    restocking_fee: Decimal = ZERO
    shipping: bool = False


@dataclass(frozen=True, slots=True)
class ReturnWorth:
    """`amount` goes back for the lines and the `shipping`, the fee taken off; is_nothing: all of it went back before
    the goods came."""

    lines: list[RefundLine]
    shipping: Decimal
    amount: Decimal
    is_nothing: bool


def worth_of_return(
    parent: Order, seller_order: Order, came: Iterable[tuple[OrderItem, int]], terms: RefundTerms
) -> ReturnWorth:
    """What so many units of lines that came, or would come, give back. Reads only."""
    lines = _lines_of(list(came), seller_order.currency)
    shipping = shipping_left(seller_order) if terms.shipping else ZERO
    # Capped, not refused: a free amount that went back earlier may have taken from the same money.
    most = min(sum((line.amount for line in lines), shipping), refundable(parent, seller_order))
    is_nothing = not most and not terms.restocking_fee
    return ReturnWorth(lines, shipping, most - terms.restocking_fee, is_nothing)


def refund_units(locked: LockedReturn, terms: RefundTerms, *, actor: Actor, note: str) -> None:
    """REFUNDED: what came is promised back. Raises RefundTooHigh, InvalidInput."""
    check_amounts({"/restocking_fee": terms.restocking_fee}, locked.seller_order.currency)
    # Read again: what is known of the lines may be from before they were counted.
    rows = locked.order_return.items.select_related("item").order_by("id")
    came = [(row.item, row.received_quantity) for row in rows]
    worth = worth_of_return(locked.group.parent, locked.seller_order, came, terms)
    # All of it went back before the goods came: the return ends without a refund.
    if not worth.is_nothing:
        _promise_back(locked, worth, terms, note or locked.order_return.reason, actor)
        locked = replace(locked, event_id=new_id())  # the money's event is found by a second try
    set_return(locked, actor=actor, reason=note, status=ReturnStatus.REFUNDED)


def _promise_back(locked: LockedReturn, worth: ReturnWorth, terms: RefundTerms, reason: str, actor: Actor) -> None:
    promise = RefundPromise(
        amount=worth.amount,
        cause=RefundCause.RETURN,
        reason=reason,
        actor=actor,
        now=locked.now,
        event_id=locked.event_id,
        lines=worth.lines,
        restocking_fee=terms.restocking_fee,
        shipping_amount=worth.shipping,
        order_return=locked.order_return,
    )
    create_refunds(locked.group.parent, locked.seller_order, promise)


def _lines_of(came: Sequence[tuple[OrderItem, int]], currency: str) -> list[RefundLine]:
    so_far = given_back(item for item, _came in came)
    return [
        RefundLine(item, units, amount_of_units(item, units, so_far=so_far.get(item.pk, ZERO), currency=currency))
        for item, received in came
        # Units that were refunded without waiting for the goods have had their money.
        if (units := min(received, item.quantity - item.refunded_quantity))
    ]
