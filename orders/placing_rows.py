"""A plan as rows to write, and what was written as the order it is: so that the answer needs no second read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from catalog.services.stock import Move
from orders.models.order import Order
from orders.models.order_event import EventKind, OrderEvent
from orders.models.order_item import OrderItem
from orders.models.reservation import Reservation
from orders.order_state import OrderStatus
from orders.placing_plan import Plan, PlannedLine
from orders.placing_sql import Row, Written
from shared.actor import Actor
from shared.ids import new_id
from shared.known_instance import known_instance


@dataclass(frozen=True, slots=True)
class PlacingRows:
    """One order as rows: `order`, `items` and `holds` for placing_sql.write_orders, `moves` for the stock, and the
    plan for the answer. Ids are made here: a retry writes the very same rows."""

    order_id: UUID
    plan: Plan
    actor: Actor
    order: Row
    items: list[Row]
    holds: list[Row]
    moves: list[Move]
    now: datetime | None


def rows_of(
    plan: Plan,
    *,
    order_id: UUID,
    customer_id: UUID,
    note: str,
    actor: Actor,
    key: str | None,
    fingerprint: str,
    now: datetime | None,
) -> PlacingRows:
    """The rows of the order that the plan describes."""
    order = {
        "order_id": order_id,
        "principal_id": actor.principal_id,
        "key": key,
        "fingerprint": fingerprint,
        "customer_id": customer_id,
        "currency": plan.currency,
        "subtotal": plan.amounts.subtotal,
        "tax_total": plan.amounts.tax_total,
        "total": plan.amounts.total,
        "note": note,
        "event_id": new_id(),
        "actor_id": actor.user_id,
    }
    items = [_item_row(order_id, position, line) for position, line in enumerate(plan.lines, start=1)]
    moves = [
        Move(level_id, quantity, item["id"], actor.user_id)
        for item, line in zip(items, plan.lines, strict=True)
        for level_id, quantity in line.allocation.takes
    ]
    holds = [_hold_row(order_id, move) for move in moves]
    return PlacingRows(order_id, plan, actor, order, items, holds, moves, now)


def _item_row(order_id: UUID, position: int, line: PlannedLine) -> Row:
    return {
        "id": new_id(),
        "order_id": order_id,
        "position": position,
        "variant_id": line.offer.variant_id,
        "seller_id": line.allocation.seller_id,
        "sku": line.offer.sku,
        "name": line.offer.name,
        "quantity": line.quantity,
        "unit_price": line.offer.unit_price,
        "tax_rate": line.offer.tax_rate,
        "total_price": line.amounts.total_price,
        "tax_amount": line.amounts.tax_amount,
    }


def _hold_row(order_id: UUID, move: Move) -> Row:
    return {
        "id": new_id(),
        "order_id": order_id,
        "item_id": move.order_item_id,
        "level_id": move.level_id,
        "quantity": move.quantity,
    }


def placed_order(rows: PlacingRows, written: Written) -> Order:
    """The order as orders.queries.orders_in_full would read it."""
    row, amounts = rows.order, rows.plan.amounts
    order = known_instance(
        Order,
        id=rows.order_id,
        number=written.number,
        customer_id=row["customer_id"],
        customer_name=written.customer_name,
        customer_email=written.customer_email,
        customer_address=written.customer_address,
        currency=row["currency"],
        subtotal=amounts.subtotal,
        tax_total=amounts.tax_total,
        total=amounts.total,
        note=row["note"],
        payment_expires_at=written.payment_expires_at,
        created_at=written.created_at,
        updated_at=written.created_at,
    )
    event = known_instance(
        OrderEvent,
        id=row["event_id"],
        order_id=rows.order_id,
        kind=EventKind.PLACED,
        to_status=OrderStatus.PENDING,
        actor_id=rows.actor.user_id,
        created_at=written.created_at,
    )
    _prefetched(order).update(items=_items(rows, written), payments=[], events=[event])
    return order


def _items(rows: PlacingRows, written: Written) -> list[OrderItem]:
    holds: dict[UUID, list[Reservation]] = {}
    for row in rows.holds:
        holds.setdefault(row["item_id"], []).append(_hold(row, written))
    items = []
    for row in rows.items:
        item = known_instance(OrderItem, **row)
        _prefetched(item)["reservations"] = holds[row["id"]]
        items.append(item)
    return items


def _hold(row: Row, written: Written) -> Reservation:
    return known_instance(
        Reservation,
        id=row["id"],
        item_id=row["item_id"],
        level_id=row["level_id"],
        quantity=row["quantity"],
        expires_at=written.payment_expires_at,
        created_at=written.created_at,
        updated_at=written.created_at,
    )


def _prefetched(instance: Order | OrderItem) -> dict[str, Any]:
    """Where Django keeps what prefetch_related read. Lists serve `.all()` here as querysets would."""
    cache: dict[str, Any] = instance.__dict__.setdefault("_prefetched_objects_cache", {})
    return cache
