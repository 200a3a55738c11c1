"""The stock of changed lines. The order group must be locked; call it last in the transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from inventory.ledger import stock
from inventory.sellable_variants import SellableVariant, Stock
from orders.editing.amounts import take_units
from orders.editing.planning import EditPlan
from orders.lifecycle import reasons
from orders.lifecycle.order_group import OrderGroup
from orders.models.order_item import OrderItem
from orders.models.reservation import Reservation
from orders.placing.plan import InsufficientStock
from orders.refunds.restocking import cancel_hold, restock_cancelled
from orders.reservations.allocation import Allocation, Demand, Short, allocate
from orders.reservations.backorders import give_up_waiting
from orders.reservations.taking import Taken, as_locked, hold_units, sell_units, stock_of_seller
from orders.states import OrderStatus, ReservationStatus
from shared.actor import Actor

# A line's id, who fills it, how many more units it is to have, and of what.
Growing = tuple[UUID, UUID, int, SellableVariant]


def move_stock(group: OrderGroup, plan: EditPlan, *, actor: Actor, now: datetime) -> None:
    """Give back what the lines have less, and take what they have more: held where the order is unpaid, else sold.

    Raises InsufficientStock, or InvalidInput above a level's most. Locks: the counters of what waits for goods, then
    all levels at once, in primary-key order.
    """
    less = [(change.item, -change.units) for change in plan.changes if change.units < 0]
    # Units that wait for goods go first: they hold no stock, so nothing has to be put back for them. And their counters
    # are locked before any level.
    less = [(item, units - give_up_waiting(item.pk, units, now=now)) for item, units in less]
    more = growing(plan)
    held = Reservation.objects.filter(
        item__in=[item for item, _ in less], status__in=[ReservationStatus.ACTIVE, ReservationStatus.CONVERTED]
    )
    # What is locked again below, is held by then.
    stock.lock(_levels_that_may_give(more) | set(held.values_list("level_id", flat=True)))
    reason = reasons.ORDER(number=group.parent.number)
    if plan.seller_order.status == OrderStatus.PENDING:
        _release_stock(less, actor=actor, now=now, reason=reason)
    else:
        restock_cancelled(group, less, actor=actor, now=now, reason=reason)
    _take_stock(group, plan, more, actor=actor, now=now)


def growing(plan: EditPlan) -> list[Growing]:
    """Lines that want more units, new ones among them."""
    changed = [
        (change.item.pk, change.item.seller_id, change.units, plan.sellables[change.item.variant_id])
        for change in plan.changes
        if change.units > 0
    ]
    return changed + [(line.id, line.seller_id, line.quantity, line.sellable) for line in plan.additions]


def allocate_growing(more: Sequence[Growing], levels: stock.Levels | None = None) -> list[Allocation]:
    """Where the units come from, as `levels` are locked, or else as the variants were read. Raises InsufficientStock,
    naming every short line."""
    answers = allocate(
        [
            Demand(seller_id, units, _choices_for_line(sellable, seller_id, levels))
            for _, seller_id, units, sellable in more
        ]
    )
    short = [(line, answer) for line, answer in zip(more, answers, strict=True) if isinstance(answer, Short)]
    if short:
        raise InsufficientStock(
            [
                {
                    "variant": str(sellable.variant_id),
                    "sku": sellable.sku,
                    "requested": units,
                    "available": max(answer.available, 0),
                }
                for (_, _, units, sellable), answer in short
            ],
            {level_id for _, answer in short for level_id in answer.level_ids},
        )
    return [answer for answer in answers if isinstance(answer, Allocation)]


def _levels_that_may_give(more: Sequence[Growing]) -> set[UUID]:
    return {choice.level_id for _, seller_id, _, sellable in more for choice in stock_of_seller(sellable, seller_id)}


def _choices_for_line(sellable: SellableVariant, seller_id: UUID, levels: stock.Levels | None) -> list[Stock]:
    choices = stock_of_seller(sellable, seller_id)
    return choices if levels is None else [as_locked(choice, levels) for choice in choices]


def _release_stock(less: Sequence[tuple[OrderItem, int]], *, actor: Actor, now: datetime, reason: str) -> None:
    """What was held last is given back first."""
    moves = []
    for item, units in less:
        active = Reservation.objects.filter(item=item, status=ReservationStatus.ACTIVE).order_by("-id")
        holds = {hold.pk: hold for hold in active}
        for pk, taken in take_units({pk: hold.quantity for pk, hold in holds.items()}, units).items():
            cancel_hold(holds[pk], taken, now)
            moves.append(stock.Move(holds[pk].level_id, taken, item.pk, actor.user_id))
    stock.release(stock.lock(move.level_id for move in moves), moves, reason=reason, now=now)


def _take_stock(group: OrderGroup, plan: EditPlan, more: Sequence[Growing], *, actor: Actor, now: datetime) -> None:
    if not more:
        return
    # Locked already: asked again for their balances, as units of the same lines may have come back meanwhile.
    levels = stock.lock(_levels_that_may_give(more))
    # As locked: what the plan read beforehand without a lock may be sold by now.
    answers = allocate_growing(more, levels)
    taken = [
        Taken(line_id, level_id, units)
        for (line_id, *_), answer in zip(more, answers, strict=True)
        for level_id, units in answer.takes
    ]
    if plan.seller_order.status == OrderStatus.PENDING:
        hold_units(levels, taken, actor=actor, expires_at=group.parent.payment_expires_at, now=now)
    else:
        sell_units(levels, taken, actor=actor, now=now)
