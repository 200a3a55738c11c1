"""Sold units that come back on the shelf: called off before they left, or returned. The order must be locked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from inventory.ledger import stock
from inventory.ledger.levels import ensure_levels
from inventory.models.level import StockLevel
from orders.lifecycle.order_group import OrderGroup
from orders.models.order_item import OrderItem
from orders.models.reservation import Reservation
from orders.reservations.backorders import give_up_waiting
from orders.shipping.unfulfilled import unfulfilled_of
from orders.states import ReservationStatus
from shared.actor import Actor
from shared.ids import new_id

# Units of one line that go to one level.
_Units = list[tuple[OrderItem, UUID, int]]


def restock_cancelled(
    group: OrderGroup, units: Sequence[tuple[OrderItem, int]], *, actor: Actor, now: datetime, reason: str
) -> None:
    """So many sold units of each line have not left and go back to the levels they were sold from: what no shipment has
    first, the last sold first. What was sold is no longer: its reservations are cancelled.

    Raises InvalidInput above a level's most. Locks the stock levels, in primary-key order: call it last in the
    transaction.
    """
    wanted = {item.pk: quantity for item, quantity in units if quantity}
    if not wanted:
        return
    items = {item.pk: item for item, _quantity in units}
    available_at: dict[tuple[UUID, UUID], int] = {}
    for seller_order in group.seller_orders:
        if any(item.order_id == seller_order.pk for item in items.values()):
            available_at |= {
                (place, pk): n
                for place, rows in unfulfilled_of(seller_order).available_at.items()
                for pk, n in rows.items()
            }
    holds = Reservation.objects.filter(item__in=wanted, status=ReservationStatus.CONVERTED)
    back: _Units = []
    # The last sold first, by ids that rise with time: earlier units are the likelier to be packed already.
    for hold in holds.select_related("level").order_by("-id"):
        place = (hold.level.location_id, hold.item_id)
        # Never what a shipment holds there: it lies in a box that somebody may just be carrying out.
        taken = min(wanted[hold.item_id], hold.quantity, max(available_at.get(place, 0), 0))
        if taken:
            wanted[hold.item_id] -= taken
            available_at[place] -= taken
            cancel_hold(hold, taken, now)
            back.append((items[hold.item_id], hold.level_id, taken))
    # The caller checked what is open under the same lock: getting here means that the books disagree, not the client.
    if short := [pk for pk, quantity in wanted.items() if quantity]:
        raise RuntimeError(f"More units called off than lie anywhere: {short}")
    _restock_units(back, actor=actor, now=now, reason=reason)


def cancel_hold(hold: Reservation, quantity: int, now: datetime) -> None:
    """The whole reservation, or a piece of it in a row of its own."""
    if quantity == hold.quantity:
        Reservation.objects.filter(pk=hold.pk).update(status=ReservationStatus.CANCELLED, updated_at=now)
        return
    Reservation.objects.filter(pk=hold.pk).update(quantity=hold.quantity - quantity, updated_at=now)
    Reservation.objects.create(
        id=new_id(),
        item_id=hold.item_id,
        level_id=hold.level_id,
        quantity=quantity,
        status=ReservationStatus.CANCELLED,
        # The piece has been held since the whole was.
        created_at=hold.created_at,
        updated_at=now,
    )


def give_up(lines: Iterable[tuple[OrderItem, int]], *, now: datetime) -> None:
    """So many units of each line were called off: those that wait for goods need not come. Call it before any stock
    level is locked."""
    for item, units in lines:
        if units:
            give_up_waiting(item.pk, units, now=now)


def restock_returned(
    units: Sequence[tuple[OrderItem, int]],
    *,
    actor: Actor,
    now: datetime,
    reason: str,
    location_id: UUID | None = None,
) -> None:
    """So many returned units of each line go to the levels they were sold from, in the order they were sold, or all to
    the location; the lines are as they were before these came. Raises and locks as restock_cancelled."""
    wanted = {item.pk: (item, quantity) for item, quantity in units if quantity}
    if location_id is not None:
        there = ensure_levels(location_id, [item.variant_id for item, _quantity in wanted.values()])
        back = [(item, there[item.variant_id], quantity) for item, quantity in wanted.values()]
    else:
        back = _sold_from(wanted)
    _restock_units(back, actor=actor, now=now, reason=reason)


def _sold_from(wanted: Mapping[UUID, tuple[OrderItem, int]]) -> _Units:
    holds = Reservation.objects.filter(item__in=wanted, status=ReservationStatus.CONVERTED).order_by("id")
    homes: dict[UUID, list[tuple[UUID, int]]] = defaultdict(list)
    for item_id, level_id, quantity in holds.values_list("item_id", "level_id", "quantity"):
        homes[item_id].append((level_id, quantity))
    back: _Units = []
    for pk, (item, quantity) in wanted.items():
        # A line that no reservation was sold for has no place to go back to: the seller's first level takes it.
        places = homes[pk] or [(_first_level(item), quantity)]
        there = _slice_of_places(places, start=item.returned_quantity, length=quantity)
        back += [(item, level_id, taken) for level_id, taken in there.items()]
    return back


def _slice_of_places(places: Sequence[tuple[UUID, int]], *, start: int, length: int) -> Mapping[UUID, int]:
    """The units from `start` on, `length` of them, by level; what is beyond the last place is at the last."""
    taken: dict[UUID, int] = defaultdict(int)
    for level_id, quantity in places:
        here = max(min(length, quantity - start), 0)
        start = max(start - quantity, 0)
        length -= here
        taken[level_id] += here
    # More may come back than was sold from known places; the last place takes it rather than losing a unit.
    taken[places[-1][0]] += length
    return {level_id: quantity for level_id, quantity in taken.items() if quantity}


def _first_level(item: OrderItem) -> UUID:
    levels = StockLevel.objects.filter(variant_id=item.variant_id, location__seller_id=item.seller_id)
    # The preferred location, as when stock is taken; a closed one if need be, for goods that came are somewhere.
    return levels.order_by("-location__is_active", "location__priority", "pk").values_list("pk", flat=True)[:1].get()


def _restock_units(units: _Units, *, actor: Actor, now: datetime, reason: str) -> None:
    moves = [stock.Move(level_id, quantity, item.pk, actor.user_id) for item, level_id, quantity in units]
    if moves:
        stock.restock(stock.lock(move.level_id for move in moves), moves, reason=reason, now=now)
