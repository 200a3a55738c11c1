"""The stock of changed lines. The order group must be locked; call it last in the transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F

from inventory.ledger import stock
from inventory.offers import Offer, Stock
from orders.editing.amounts import take_units
from orders.editing.planning import EditPlan
from orders.lifecycle.order_group import OrderGroup
from orders.models.order_item import OrderItem
from orders.models.reservation import Reservation
from orders.placing.plan import InsufficientStock
from orders.refunds.restocking import cancel_hold, restock_cancelled
from orders.reservations.allocation import Allocation, Demand, Short, allocate
from orders.reservations.backorders import give_up_waiting
from orders.states import OrderStatus, ReservationStatus
from shared.actor import Actor
from shared.ids import new_id

# A line's id, who fills it, how many more units it is to have, and of what.
Growing = tuple[UUID, UUID, int, Offer]


def move_stock(group: OrderGroup, plan: EditPlan, *, actor: Actor, now: datetime) -> None:
    """Give back what the lines have less, and take what they have more: held where the order is unpaid, else sold.

    Raises InsufficientStock, or InvalidInput above a level's most. Locks: the counters of what waits for goods, then
    all levels at once, in primary-key order.
    """
    less = [(change.item, -change.units) for change in plan.changes if change.units < 0]
    less = [(item, units - give_up_waiting(item.pk, units, now=now)) for item, units in less]
    more = growing(plan)
    held = Reservation.objects.filter(
        item__in=[item for item, _ in less], status__in=[ReservationStatus.ACTIVE, ReservationStatus.CONVERTED]
    )
    offered = {choice.level_id for _, seller_id, _, offer in more for choice in stock_of(offer, seller_id)}
    stock.lock(offered | set(held.values_list("level_id", flat=True)))  # what is locked again below, is held by then
    reason = f"order {group.parent.number}"
    if plan.seller_order.status == OrderStatus.PENDING:
        _release(less, actor=actor, now=now, reason=reason)
    else:
        restock_cancelled(group, less, actor=actor, now=now, reason=reason)
    _take(group, plan, more, actor=actor, now=now)


def growing(plan: EditPlan) -> list[Growing]:
    """Lines that want more units, new ones among them."""
    changed = [
        (change.item.pk, change.item.seller_id, change.units, plan.offers[change.item.variant_id])
        for change in plan.changes
        if change.units > 0
    ]
    return changed + [(line.id, line.seller_id, line.quantity, line.offer) for line in plan.additions]


def allocate_growing(more: Sequence[Growing], levels: stock.Levels | None = None) -> list[Allocation]:
    """Where the units come from, as `levels` are locked, or else as the offers were read. Raises InsufficientStock,
    naming every short line."""
    answers = allocate(
        [
            Demand(seller_id, units, [_as_locked(choice, levels) for choice in stock_of(offer, seller_id)])
            for _, seller_id, units, offer in more
        ]
    )
    short = [(line, answer) for line, answer in zip(more, answers, strict=True) if isinstance(answer, Short)]
    if short:
        raise InsufficientStock(
            [
                {
                    "variant": str(offer.variant_id),
                    "sku": offer.sku,
                    "requested": units,
                    "available": max(answer.available, 0),
                }
                for (_, _, units, offer), answer in short
            ],
            {level_id for _, answer in short for level_id in answer.level_ids},
        )
    return [answer for answer in answers if isinstance(answer, Allocation)]


def stock_of(offer: Offer, seller_id: UUID) -> list[Stock]:
    """What that seller has of it."""
    return [choice for choice in offer.stock if choice.seller_id == seller_id]


def _as_locked(choice: Stock, levels: stock.Levels | None) -> Stock:
    if levels is None:
        return choice
    available = levels[choice.level_id].available
    return Stock(choice.level_id, choice.seller_id, choice.seller_is_default, choice.rank, available)


def _release(less: Sequence[tuple[OrderItem, int]], *, actor: Actor, now: datetime, reason: str) -> None:
    """What was held last is given back first."""
    moves = []
    for item, units in less:
        active = Reservation.objects.filter(item=item, status=ReservationStatus.ACTIVE).order_by("-id")
        holds = {hold.pk: hold for hold in active}
        for pk, taken in take_units({pk: hold.quantity for pk, hold in holds.items()}, units).items():
            cancel_hold(holds[pk], taken, now)
            moves.append(stock.Move(holds[pk].level_id, taken, item.pk, actor.user_id))
    stock.release(stock.lock(move.level_id for move in moves), moves, reason=reason, now=now)


def _take(group: OrderGroup, plan: EditPlan, more: Sequence[Growing], *, actor: Actor, now: datetime) -> None:
    if not more:
        return
    levels = stock.lock({choice.level_id for _, seller_id, _, offer in more for choice in stock_of(offer, seller_id)})
    answers = allocate_growing(more, levels)
    taken = [
        (line_id, level_id, units)
        for (line_id, *_), answer in zip(more, answers, strict=True)
        for level_id, units in answer.takes
    ]
    stock.reserve(levels, _moves(taken, actor), now=now)
    if plan.seller_order.status == OrderStatus.PENDING:
        _hold(taken, expires_at=group.parent.payment_expires_at, now=now)
        return
    stock.convert(levels, _moves(taken, actor), now=now)
    Reservation.objects.bulk_create(_reservation(*row, ReservationStatus.CONVERTED, None, now) for row in taken)


def _moves(taken: Sequence[tuple[UUID, UUID, int]], actor: Actor) -> list[stock.Move]:
    """New ones each time: a move's id is its ledger row's."""
    return [stock.Move(level_id, units, line_id, actor.user_id) for line_id, level_id, units in taken]


def _hold(taken: Sequence[tuple[UUID, UUID, int]], *, expires_at: datetime | None, now: datetime) -> None:
    """A line holds a level once: more of it goes into the reservation that is there."""
    for line_id, level_id, units in taken:
        there = Reservation.objects.filter(item=line_id, level=level_id, status=ReservationStatus.ACTIVE)
        if not there.update(quantity=F("quantity") + units, updated_at=now):
            _reservation(line_id, level_id, units, ReservationStatus.ACTIVE, expires_at, now).save(force_insert=True)


def _reservation(
    line_id: UUID,
    level_id: UUID,
    units: int,
    status: ReservationStatus,
    expires_at: datetime | None,
    now: datetime,
) -> Reservation:
    return Reservation(
        id=new_id(),
        item_id=line_id,
        level_id=level_id,
        quantity=units,
        status=status,
        expires_at=expires_at,
        created_at=now,
        updated_at=now,
    )
