"""A return comes into the books: of which lines, how many units. The order group must be locked."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from orders.lifecycle.order_group import OrderGroup
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.order_return import Return, ReturnItem
from orders.refunds.plans import TooManyUnits
from orders.refunds.returning import LockedReturn, returnable, tell_return
from shared.actor import Actor
from shared.errors import InvalidInput
from shared.ids import new_id


def write_return(
    group: OrderGroup,
    order: Order,
    units: Sequence[tuple[UUID, int]],
    reason: str,
    *,
    actor: Actor,
    now: datetime,
    event_id: UUID,
) -> LockedReturn:
    """So many units of lines of `order`, all of one seller, that were shipped and did not come back yet. Raises
    InvalidInput, TooManyUnits."""
    # Of a split order the lines tell whose goods they are: a buyer need not know of sub-orders.
    seller_orders = list(group.seller_orders) if order.pk == group.parent.pk else [order]
    items = {
        item.pk: item for item in OrderItem.objects.filter(order__in=seller_orders, pk__in=[pk for pk, _ in units])
    }
    _check_units(units, items)
    seller_order = group.member(items[units[0][0]].order_id)
    # Returns are never deleted and the order's lock keeps others out, so counting them finds a free number.
    number = f"{seller_order.number}-R{Return.objects.filter(order=seller_order).count() + 1}"
    found = Return.objects.create(
        id=new_id(), order=seller_order, number=number, reason=reason, actor_id=actor.user_id, created_at=now
    )
    rows = [ReturnItem(id=new_id(), order_return=found, item=items[pk], quantity=quantity) for pk, quantity in units]
    ReturnItem.objects.bulk_create(rows)
    tell_return(found, rows, actor=actor, reason=reason, now=now, event_id=event_id)
    return LockedReturn(group, seller_order, found, rows, now, event_id)


def _check_units(units: Sequence[tuple[UUID, int]], items: dict[UUID, OrderItem]) -> None:
    faults = [
        (f"/items/{place}/item", "unknown", gettext("No such line in this order."))
        for place, (pk, _) in enumerate(units)
        if pk not in items
    ]
    if not units or any(quantity < 1 for _, quantity in units):
        faults.append(("/items", "required", gettext("Name what comes back.")))
    if len({pk for pk, _ in units}) < len(units):
        faults.append(("/items", "repeated", gettext("A line may be named once.")))
    # Each seller takes its own goods back, looks at them and refunds them.
    if not faults and len({item.order_id for item in items.values()}) > 1:
        faults.append(("/items", "several_sellers", gettext("Goods of several sellers come back separately.")))
    if faults:
        raise InvalidInput(*faults)
    left = returnable(items.values())
    short = [
        {"item": str(pk), "sku": items[pk].sku, "wanted": quantity, "left": left[pk]}
        for pk, quantity in units
        if quantity > left[pk]
    ]
    if short:
        raise TooManyUnits(gettext("Of some lines fewer units were shipped and not returned yet."), lines=short)
