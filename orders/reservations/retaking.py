"""Taking the stock of a timed-out order again, for a payment that came late."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from inventory.ledger import stock
from inventory.offers import Offer, Stock, read_offers
from orders.lifecycle.order_group import OrderGroup
from orders.models.order_item import OrderItem
from orders.models.reservation import Reservation
from orders.reservations.allocation import Allocation, Demand, allocate
from orders.states import ReservationStatus
from shared.actor import Actor
from shared.ids import new_id


def retake_stock(group: OrderGroup, *, actor: Actor, now: datetime) -> bool:
    """Sell all units of the order again, from the sellers it was placed with, or change nothing and return False.

    The order group must be locked. Locks every stock level those sellers have of its variants, in primary-key order,
    and decides by what it reads under the lock.
    """
    items = list(OrderItem.objects.filter(order_id__in=group.ids, quantity__gt=0).order_by("position"))
    offers = read_offers(str(item.variant_id) for item in items)
    choices = {item.pk: _stock_of_seller(offers.get(str(item.variant_id)), item.seller_id) for item in items}
    levels = stock.lock({choice.level_id for chosen in choices.values() for choice in chosen})
    answers = allocate(
        [
            Demand(item.seller_id, item.quantity, [_as_locked(choice, levels) for choice in choices[item.pk]])
            for item in items
        ]
    )
    taken = [answer for answer in answers if isinstance(answer, Allocation)]
    if len(taken) < len(items):
        return False
    sold = [
        _sold(item, level_id, quantity, now)
        for item, answer in zip(items, taken, strict=True)
        for level_id, quantity in answer.takes
    ]
    stock.reserve(levels, _moves(sold, actor), now=now)
    stock.convert(levels, _moves(sold, actor), now=now)
    Reservation.objects.bulk_create(sold)
    return True


def _moves(holds: Iterable[Reservation], actor: Actor) -> list[stock.Move]:
    """New ones each time: a move's id is its ledger row's."""
    return [stock.Move(hold.level_id, hold.quantity, hold.item_id, actor.user_id) for hold in holds]


def _stock_of_seller(offer: Offer | None, seller_id: UUID) -> list[Stock]:
    return [choice for choice in offer.stock if choice.seller_id == seller_id] if offer else []


def _as_locked(choice: Stock, levels: stock.Levels) -> Stock:
    available = levels[choice.level_id].available
    return Stock(choice.level_id, choice.seller_id, choice.seller_is_default, choice.rank, available)


def _sold(item: OrderItem, level_id: UUID, quantity: int, now: datetime) -> Reservation:
    return Reservation(
        id=new_id(),
        item=item,
        level_id=level_id,
        quantity=quantity,
        status=ReservationStatus.CONVERTED,
        created_at=now,
        updated_at=now,
    )
