"""Returned goods arrived."""

from datetime import datetime
from uuid import UUID

from orders.models.order_return import Return
from orders.refunds.receiving import Came, receive_units, restock_units
from orders.refunds.returning import LockedReturn, change_return
from orders.states import ReturnStatus, Trigger
from shared.actor import Actor


def receive_return(
    *,
    return_id: UUID,
    actor: Actor,
    units: Came | None = None,
    location_id: UUID | None = None,
    note: str = "",
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Return:
    """APPROVED to RECEIVED. `units`: for each order line (its id) how many came, and how many of these can be sold
    again; a line that is missing did not come; without `units` everything came in a good state. `location_id`: where
    they go, of the same seller's; unset, each where it was sold from.

    Raises ReturnNotFound, StaleVersion, InvalidTransition, InvalidInput, TooManyUnits, Unavailable. Locks: the order's
    order group, then stock levels in primary-key order. Commits its own transaction.
    """

    def work(locked: LockedReturn) -> None:
        receive_units(locked, units, actor=actor, note=note)
        restock_units(locked, actor=actor, location_id=location_id)

    return change_return(
        return_id=return_id,
        target=ReturnStatus.RECEIVED,
        by=Trigger.STAFF,
        expected_version=expected_version,
        now=now,
        work=work,
    )
