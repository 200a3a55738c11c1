"""The money for goods that came back."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from orders.incoming_payments.amounts import ZERO
from orders.models.order_return import Return
from orders.refunds.return_worth import RefundTerms, refund_units
from orders.refunds.returning import LockedReturn, change_return
from orders.services.refunds.refund_order import check_paid
from orders.states import ReturnStatus, Trigger
from shared.actor import Actor


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
        refund_units(locked, RefundTerms(restocking_fee, shipping), actor=actor, note=note)

    return change_return(
        return_id=return_id,
        target=ReturnStatus.REFUNDED,
        by=Trigger.REFUND,
        expected_version=expected_version,
        now=now,
        work=work,
    )
