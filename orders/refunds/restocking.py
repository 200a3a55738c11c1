"""Units that come back on the shelf they were sold from."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from catalog.models.stock_level import StockLevel
from catalog.services import stock
from orders.models.order_item import OrderItem
from orders.models.order_return import ReturnItem
from orders.models.refund import RefundItem
from orders.models.reservation import Reservation
from orders.order_state import RefundStatus, ReservationStatus
from shared.actor import Actor


def restocked_so_far(items: Iterable[OrderItem]) -> dict[UUID, int]:
    """Units of each line that refunds and returns put back; lines without any are missing."""
    ids = [item.pk for item in items]
    refunds = RefundItem.objects.filter(item__in=ids).exclude(refund__status=RefundStatus.CANCELLED)
    rows = [
        *refunds.order_by().values_list("item").annotate(sum=Sum("restocked_quantity")),
        *ReturnItem.objects.filter(item__in=ids).order_by().values_list("item").annotate(sum=Sum("restocked_quantity")),
    ]
    sums: dict[UUID, int] = defaultdict(int)
    for item_id, units in rows:
        sums[item_id] += units
    return sums


def restock_units(
    units: Sequence[tuple[OrderItem, int]], *, so_far: dict[UUID, int], actor: Actor, now: datetime, reason: str
) -> None:
    """Put so many units of each line back to the levels they were sold from, oldest hold first; what was sold from
    none of the levels that are left goes to the seller's first one. `so_far`: what of each line was put back before.

    Raises InvalidInput above a level's most. Locks the stock levels, in primary-key order: call it last in the
    transaction, with the order's family locked.
    """
    wanted = [(item, quantity) for item, quantity in units if quantity]
    if not wanted:
        return
    sold = _sold_from([item for item, _quantity in wanted])
    moves = [
        stock.Move(level_id, quantity, item.pk, actor.user_id)
        for item, total in wanted
        for level_id, quantity in _slice(_homes(item, sold), so_far.get(item.pk, 0), total)
    ]
    levels = stock.lock(move.level_id for move in moves)
    stock.restock(levels, moves, reason=reason, now=now)


def _sold_from(items: Sequence[OrderItem]) -> dict[UUID, list[tuple[UUID, int]]]:
    holds = Reservation.objects.filter(item__in=items, status=ReservationStatus.CONVERTED).order_by("id")
    sold: dict[UUID, list[tuple[UUID, int]]] = defaultdict(list)
    for item_id, level_id, quantity in holds.values_list("item_id", "level_id", "quantity"):
        sold[item_id].append((level_id, quantity))
    return sold


def _homes(item: OrderItem, sold: dict[UUID, list[tuple[UUID, int]]]) -> list[tuple[UUID, int]]:
    """Where the line's units come from, with room for all of them at the last."""
    homes = sold.get(item.pk) or [(_first_level(item), 0)]
    last, _quantity = homes[-1]
    return [*homes, (last, item.quantity)]


def _first_level(item: OrderItem) -> UUID:
    levels = StockLevel.objects.filter(variant_id=item.variant_id, location__seller_id=item.seller_id)
    return levels.order_by("-location__is_active", "location__priority", "pk").values_list("pk", flat=True)[:1].get()


def _slice(homes: Sequence[tuple[UUID, int]], start: int, length: int) -> list[tuple[UUID, int]]:
    """The units from `start` on, `length` of them, by level: what came back before filled the first ones."""
    taken: dict[UUID, int] = defaultdict(int)
    for level_id, quantity in homes:
        skipped = min(start, quantity)
        start -= skipped
        here = min(length, quantity - skipped)
        length -= here
        if here:
            taken[level_id] += here
    return list(taken.items())
