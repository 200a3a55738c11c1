"""Taking the stock of a timed-out order again, for a payment that came late."""

from datetime import datetime

from inventory.ledger import stock
from inventory.sellable_variants import read_sellables
from orders.lifecycle.order_group import OrderGroup
from orders.models.order_item import OrderItem
from orders.reservations.allocation import Allocation, Demand, allocate
from orders.reservations.taking import Taken, as_locked, sell_units, stock_of_seller
from shared.actor import Actor


def retake_stock(group: OrderGroup, *, actor: Actor, now: datetime) -> bool:
    """Sell all units of the order again, from the sellers it was placed with, or change nothing and return False.

    The order group must be locked. Locks every stock level those sellers have of its variants, in primary-key order,
    and decides by what it reads under the lock.
    """
    # Lines that an edit dropped have no units; they stay for the history.
    items = list(OrderItem.objects.filter(order_id__in=group.ids, quantity__gt=0).order_by("position"))
    # Of what is read here only the stock counts: the prices are those that were paid.
    sellables = read_sellables(str(item.variant_id) for item in items)
    choices = {item.pk: stock_of_seller(sellables.get(str(item.variant_id)), item.seller_id) for item in items}
    # Every level that might give, not only those that would by the unlocked read: another level after these were locked
    # could not be added in primary-key order any more.
    levels = stock.lock({choice.level_id for chosen in choices.values() for choice in chosen})
    answers = allocate(
        [
            Demand(item.seller_id, item.quantity, [as_locked(choice, levels) for choice in choices[item.pk]])
            for item in items
        ]
    )
    taken = [answer for answer in answers if isinstance(answer, Allocation)]
    # All or nothing: part of a late order would be an order that nobody placed. The locks end with the transaction.
    if len(taken) < len(items):
        return False
    sold = [
        Taken(item.pk, level_id, units)
        for item, answer in zip(items, taken, strict=True)
        for level_id, units in answer.takes
    ]
    sell_units(levels, sold, actor=actor, now=now)
    return True
