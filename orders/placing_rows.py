"""A plan as rows to write, and what was written as the order it is: so that the answer needs no second read."""

import json
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
from orders.placing_plan import Plan, PlannedLine
from orders.placing_sql import Written
from shared.actor import Actor
from shared.ids import new_id

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class PlacingRows:
    """`values` for placing_sql.write_order, `moves` for the stock, and the plan with its ids for the answer. Ids are
    made now: a retry writes the very same rows."""

    plan: Plan
    values: dict[str, Any]
    moves: list[Move]
    item_ids: list[UUID]
    hold_ids: list[UUID]


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
    item_ids = [new_id() for _ in plan.lines]
    moves = [
        Move(level_id, quantity, item_id)
        for item_id, line in zip(item_ids, plan.lines, strict=True)
        for level_id, quantity in line.allocation.takes
    ]
    hold_ids = [new_id() for _ in moves]
    items = [
        _item_row(item_id, position, line)
        for position, (item_id, line) in enumerate(zip(item_ids, plan.lines, strict=True), start=1)
    ]
    holds = [
        {"id": str(pk), "item_id": str(m.order_item_id), "level_id": str(m.level_id), "quantity": m.quantity}
        for pk, m in zip(hold_ids, moves, strict=True)
    ]
    values = {
        "order_id": order_id,
        "principal_id": actor.principal_id,
        "key": key,
        "fingerprint": fingerprint,
        "now": now,
        "hold_minutes": settings.PAYMENT_TIMEOUT_MINUTES,
        "customer_id": customer_id,
        "currency": plan.currency,
        "subtotal": plan.amounts.subtotal,
        "tax_total": plan.amounts.tax_total,
        "total": plan.amounts.total,
        "note": note,
        "event_id": new_id(),
        "actor_id": actor.user_id,
        "items": json.dumps(items),
        "holds": json.dumps(holds),
    }
    return PlacingRows(plan, values, moves, item_ids, hold_ids)


def _item_row(item_id: UUID, position: int, line: PlannedLine) -> dict[str, Any]:
    """Amounts as strings: JSON's numbers would be read exactly, but Python's writer knows no Decimal."""
    return {
        "id": str(item_id),
        "position": position,
        "variant_id": str(line.offer.variant_id),
        "seller_id": str(line.allocation.seller_id),
        "sku": line.offer.sku,
        "name": line.offer.name,
        "quantity": line.quantity,
        "unit_price": str(line.offer.unit_price),
        "tax_rate": str(line.offer.tax_rate),
        "total_price": str(line.amounts.total_price),
        "tax_amount": str(line.amounts.tax_amount),
    }


def placed_order(rows: PlacingRows, written: Written) -> Order:
    """The order as orders.queries.orders_in_full would read it."""
    values = rows.values
    order = Order(
        id=values["order_id"],
        number=written.number,
        customer_id=values["customer_id"],
        customer_name=written.customer_name,
        customer_email=written.customer_email,
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
    event = OrderEvent(
        id=values["event_id"],
        order_id=order.pk,
        kind=EventKind.PLACED,
        to_status=OrderStatus.PENDING,
        actor_id=values["actor_id"],
        created_at=written.created_at,
    )
    _prefetched(order).update(items=_items(rows, written), payments=[], events=[event])
    return order


def _items(rows: PlacingRows, written: Written) -> list[OrderItem]:
    holds: dict[UUID | None, list[Reservation]] = {}
    for hold_id, move in zip(rows.hold_ids, rows.moves, strict=True):
        holds.setdefault(move.order_item_id, []).append(_hold(hold_id, move, written))
    items = [
        _item(rows.values["order_id"], item_id, position, line)
        for position, (item_id, line) in enumerate(zip(rows.item_ids, rows.plan.lines, strict=True), start=1)
    ]
    for item in items:
        _prefetched(item)["reservations"] = holds[item.pk]
    return items


def _item(order_id: UUID, item_id: UUID, position: int, line: PlannedLine) -> OrderItem:
    return OrderItem(
        id=item_id,
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
    )


def _hold(hold_id: UUID, move: Move, written: Written) -> Reservation:
    return Reservation(
        id=hold_id,
        item_id=move.order_item_id,  # type: ignore[misc]  # every move of an order names its item
        level_id=move.level_id,
        quantity=move.quantity,
        expires_at=written.payment_expires_at,
        created_at=written.created_at,
        updated_at=written.created_at,
    )


def _prefetched(instance: Order | OrderItem) -> dict[str, Any]:
    """Where Django keeps what prefetch_related read. Lists serve `.all()` here as querysets would."""
    cache: dict[str, Any] = instance.__dict__.setdefault("_prefetched_objects_cache", {})
    return cache
