"""Units of a return that came: counted on its lines, and put where they can be sold from. The order group must be
locked."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext

from inventory.models.location import StockLocation
from orders.lifecycle import reasons
from orders.models.order_item import OrderItem
from orders.models.order_return import ReturnItem
from orders.refunds.plans import TooManyUnits
from orders.refunds.restocking import restock_returned
from orders.refunds.returning import LockedReturn, set_return
from orders.states import ReturnStatus
from shared.actor import Actor
from shared.errors import InvalidInput

# Of each order line how many units came, and how many of these can be sold again.
Came = Mapping[UUID, tuple[int, int]]


def receive_units(locked: LockedReturn, units: Came | None, *, actor: Actor, note: str) -> None:
    """RECEIVED, without `units` all of it and in a good state. What can be sold again is still to be restocked, last in
    the transaction. Raises InvalidInput, TooManyUnits."""
    _count_units(locked, units)
    set_return(locked, actor=actor, reason=note, status=ReturnStatus.RECEIVED, received_at=locked.now)


def restock_units(locked: LockedReturn, *, actor: Actor, location_id: UUID | None) -> None:
    """What came in a good state goes to the shelf it was sold from, or to the location. What came back broken counts as
    returned, and is put on no shelf. Raises InvalidInput. Locks stock levels: last in the transaction."""
    check_location(location_id, locked.items[0].item.seller_id)  # one seller's, all of them
    restock_returned(
        [(row.item, row.restocked_quantity) for row in locked.items],
        actor=actor,
        now=locked.now,
        reason=reasons.RETURN(number=locked.order_return.number),
        location_id=location_id,
    )


def check_location(location_id: UUID | None, seller_id: UUID) -> None:
    """Raise InvalidInput for a location that is not the seller's."""
    if location_id is not None and not StockLocation.objects.filter(pk=location_id, seller=seller_id).exists():
        raise InvalidInput(("/location", "does_not_exist", gettext("The seller has no such location.")))


def _count_units(locked: LockedReturn, units: Came | None) -> None:
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


def _check_counts(rows: Mapping[UUID, ReturnItem], came: Came) -> None:
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
