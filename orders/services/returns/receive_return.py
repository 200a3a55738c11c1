"""Returned goods arrived."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext

from orders.lifecycle import reasons
from orders.models.order_item import OrderItem
from orders.models.order_return import Return, ReturnItem
from orders.refunds.plans import TooManyUnits
from orders.refunds.restocking import restock_returned
from orders.refunds.returning import LockedReturn, change_return, set_return
from orders.states import ReturnStatus, Trigger
from shared.actor import Actor
from shared.errors import InvalidInput


def receive_return(
    *,
    return_id: UUID,
    actor: Actor,
    units: Mapping[UUID, tuple[int, int]] | None = None,
    note: str = "",
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Return:
    """APPROVED to RECEIVED. `units`: for each order line (its id) how many came, and how many of these can be sold
    again; a line that is missing did not come; without `units` everything came in a good state.

    Raises ReturnNotFound, StaleVersion, InvalidTransition, InvalidInput, TooManyUnits, Unavailable. Locks: the order's
    order group, then stock levels in primary-key order. Commits its own transaction.
    """

    def work(locked: LockedReturn) -> None:
        _count_units(locked, units)
        set_return(locked, actor=actor, reason=note, status=ReturnStatus.RECEIVED, received_at=locked.now)
        # Levels last. What came back broken counts as returned, and is put on no shelf.
        restock_returned(
            [(row.item, row.restocked_quantity) for row in locked.items],
            actor=actor,
            now=locked.now,
            reason=reasons.RETURN(number=locked.order_return.number),
        )

    return change_return(
        return_id=return_id,
        target=ReturnStatus.RECEIVED,
        by=Trigger.STAFF,
        expected_version=expected_version,
        now=now,
        work=work,
    )


def _count_units(locked: LockedReturn, units: Mapping[UUID, tuple[int, int]] | None) -> None:
    rows = {row.item_id: row for row in locked.items}
    came = units if units is not None else {pk: (row.quantity, row.quantity) for pk, row in rows.items()}
    if unknown := [str(pk) for pk in came if pk not in rows]:
        raise InvalidInput(("/items", "unknown", gettext("No such line in this return: %s.") % ", ".join(unknown)))
    _check_counts(rows, came)
    for pk, (received, restocked) in came.items():
        row = rows[pk]
        row.received_quantity, row.restocked_quantity = received, restocked
        row.save(update_fields=["received_quantity", "restocked_quantity"])
        # The table alone, not the instance: restock_returned goes on from what had come back before this return.
        OrderItem.objects.filter(pk=pk).update(returned_quantity=F("returned_quantity") + received)


def _check_counts(rows: Mapping[UUID, ReturnItem], came: Mapping[UUID, tuple[int, int]]) -> None:
    # A return of which nothing came is withdrawn or rejected. Received, it would go on to be refunded.
    if not any(received for received, _ in came.values()):
        raise InvalidInput(("/items", "nothing_came", gettext("At least one unit must have come.")))
    short = [
        {"item": str(pk), "sku": rows[pk].item.sku, "wanted": received, "left": rows[pk].quantity}
        for pk, (received, _) in came.items()
        if received > rows[pk].quantity
    ]
    if short:
        raise TooManyUnits(gettext("More came of some lines than was asked to be returned."), lines=short)
    if any(restocked > received for received, restocked in came.values()):
        raise InvalidInput(("/items", "out_of_range", gettext("More is to be restocked than came.")))
