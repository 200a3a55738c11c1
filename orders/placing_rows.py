"""A plan as rows to write, and what was written as the order it is: so that the answer needs no second read."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings

from catalog.services.stock import Move
from orders.models.order import Order
from orders.models.order_event import EventKind, OrderEvent
from orders.models.order_item import OrderItem
from orders.models.reservation import Reservation
from orders.order_state import OrderStatus
from orders.placing_plan import Plan
from orders.placing_sql import Written
from shared.actor import Actor
from shared.ids import new_id
from users.buyers import Buyer

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class PlacingRows:
    """`values` for placing_sql.write_order; `moves` for the stock; `items` as they will stand in the table."""

    values: dict[str, Any]
    moves: list[Move]
    items: list[OrderItem]
    holds: list[Reservation]


def rows_of(
    plan: Plan,
    *,
    order_id: UUID,
    customer: Buyer,
    note: str,
    actor: Actor,
    key: str | None,
    fingerprint: str,
    now: datetime | None,
) -> PlacingRows:
    """Rows with their ids made now: a retry writes the very same ones."""
    items = [
        OrderItem(
            id=new_id(),
            order_id=order_id,
            position=position,
            variant_id=line.offer.variant_id,
            seller_id=line.allocation.seller_id,
            sku=line.offer.sku,
            name=line.offer.name,
            quantity=line.quantity,
            unit_price=line.offer.unit_price,
            tax_rate=line.offer.tax_rate,
            total_price=line.amounts.total_price,
            tax_amount=line.amounts.tax_amount,
            status=OrderStatus.PENDING,
        )
        for position, line in enumerate(plan.lines, start=1)
    ]
    holds = [
        Reservation(id=new_id(), item=item, level_id=level_id, quantity=quantity)
        for item, line in zip(items, plan.lines, strict=True)
        for level_id, quantity in line.allocation.takes
    ]
    values = {
        "order_id": order_id,
        "principal_id": actor.principal_id,
        "key": key,
        "fingerprint": fingerprint,
        "now": now,
        "hold_minutes": settings.PAYMENT_TIMEOUT_MINUTES,
        "customer_id": customer.customer_id,
        "customer_name": customer.name,
        "customer_email": customer.email,
        "currency": plan.currency,
        "subtotal": plan.amounts.subtotal,
        "tax_total": plan.amounts.tax_total,
        "total": plan.amounts.total,
        "note": note,
        "event_id": new_id(),
        "actor_id": actor.user_id,
    }
    moves = [Move(hold.level_id, hold.quantity, hold.item_id) for hold in holds]
    return PlacingRows(values | _columns(items, holds), moves, items, holds)


def _columns(items: list[OrderItem], holds: list[Reservation]) -> dict[str, list[Any]]:
    return {
        "item_ids": [item.pk for item in items],
        "positions": [item.position for item in items],
        "variant_ids": [item.variant_id for item in items],
        "seller_ids": [item.seller_id for item in items],
        "skus": [item.sku for item in items],
        "names": [item.name for item in items],
        "quantities": [item.quantity for item in items],
        "unit_prices": [item.unit_price for item in items],
        "tax_rates": [item.tax_rate for item in items],
        "total_prices": [item.total_price for item in items],
        "tax_amounts": [item.tax_amount for item in items],
        "hold_ids": [hold.pk for hold in holds],
        "hold_item_ids": [hold.item_id for hold in holds],
        "hold_level_ids": [hold.level_id for hold in holds],
        "hold_quantities": [hold.quantity for hold in holds],
    }


def placed_order(rows: PlacingRows, written: Written) -> Order:
    """The order as orders.queries.orders_in_full would read it."""
    values = rows.values
    order = Order(
        id=values["order_id"],
        number=written.number,
        customer_id=values["customer_id"],
        customer_name=values["customer_name"],
        customer_email=values["customer_email"],
        currency=values["currency"],
        subtotal=values["subtotal"],
        discount_total=_ZERO,
        tax_total=values["tax_total"],
        shipping_total=_ZERO,
        total=values["total"],
        note=values["note"],
        payment_expires_at=written.payment_expires_at,
        created_at=written.created_at,
        updated_at=written.created_at,
    )
    for hold in rows.holds:
        hold.expires_at, hold.created_at, hold.updated_at = (
            written.payment_expires_at,
            *(written.created_at,) * 2,
        )
    for item in rows.items:
        _prefetched(item)["reservations"] = [hold for hold in rows.holds if hold.item_id == item.pk]
    event = OrderEvent(
        id=values["event_id"],
        order=order,
        kind=EventKind.PLACED,
        to_status=OrderStatus.PENDING,
        actor_id=values["actor_id"],
        created_at=written.created_at,
    )
    _prefetched(order).update(items=rows.items, payments=[], events=[event])
    return order


def _prefetched(instance: Order | OrderItem) -> dict[str, Any]:
    """Where Django keeps what prefetch_related read. Lists serve `.all()` here as querysets would."""
    cache: dict[str, Any] = instance.__dict__.setdefault("_prefetched_objects_cache", {})
    return cache
