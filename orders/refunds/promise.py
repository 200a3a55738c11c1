"""What is asked when money is to go back: how much, why, for which lines and through whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from orders.incoming_payments.amounts import ZERO
from orders.models.order_item import OrderItem
from orders.models.order_return import Return
from orders.models.payment import Payment
from orders.models.refund import RefundCause
from orders.states import RefundStatus
from shared.actor import Actor

MANUAL = "manual"  # the provider of payments that staff wrote down: they pay back by hand, too


@dataclass(frozen=True, slots=True)
class RefundLine:
    """`amount` for `quantity` units of a line. Of these, `restocked` go back on the shelf and `cancelled_units` had not
    been shipped: they do not go out any more."""

    item: OrderItem
    quantity: int
    amount: Decimal
    restocked: int = 0
    cancelled_units: int = 0


@dataclass(frozen=True, slots=True)
class ProviderRefund:
    """What a provider did by itself: its name for it, and how far it is. Nothing is asked of it any more."""

    reference: str
    status: RefundStatus = RefundStatus.DONE
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPromise:
    """`amount` (above zero, in the order's currency, `restocking_fee` already taken off) is promised back.

    `payment`: the one that gives; unset, one that has enough left gives all, else the oldest first. `event_id`: of the
    event that tells of it, where a second try must be able to find it. `by_provider`: the provider has done it already.
    """

    amount: Decimal
    cause: RefundCause
    reason: str
    actor: Actor
    now: datetime
    lines: Sequence[RefundLine] = ()
    restocking_fee: Decimal = ZERO
    shipping_amount: Decimal = ZERO
    order_return: Return | None = None
    payment: Payment | None = None
    by_provider: ProviderRefund | None = None
    event_id: UUID | None = None
