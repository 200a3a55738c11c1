"""What was written as the order it is: the answer needs no second read."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

import orjson

from orders.models.adjustment import Adjustment
from orders.models.order import Order
from orders.models.order_event import EventKind, OrderEvent
from orders.models.order_item import OrderItem
from orders.models.reservation import Reservation
from orders.placing.rows import PlacingRows
from orders.placing.sql import Row, Written
from orders.pricing import OrderAmounts
from orders.reads.orders import show_sub_orders
from orders.states import OrderStatus
from shared.planner.known_instance import known_instance


def placed_order(rows: PlacingRows, written: Written) -> Order:
    """The order as orders.reads.in_full.get_order_in_full would read it."""
    row, amounts = rows.order, rows.plan.amounts
    of_order_group = {
        "customer_id": row["customer_id"],
        "customer_name": written.customer_name,
        "customer_email": written.customer_email,
        "customer_address": written.customer_address,
        "customer_tax_number": written.customer_tax_number,
        "currency": row["currency"],
        "created_at": written.created_at,
        "updated_at": written.created_at,
        **asdict(rows.plan.extras),
        "delivery_address": _address_of(written.delivery_address),
        "billing_address": _address_of(written.billing_address),
        "metadata": {},  # a sub-order has none
    }
    order = known_instance(
        Order,
        id=rows.order_id,
        number=written.number,
        note=row["note"],
        payment_expires_at=written.payment_expires_at,
        **_amount_columns(amounts),
        **{**of_order_group, "metadata": rows.plan.extras.metadata or {}},
    )
    items = _answered_items(rows, written)
    # Empty lists as well: a relation that the cache does not have would be read from the database for the answer.
    _prefetch_cache(order).update(items=items, payments=[], events=[_placed_event(rows, written)])
    if not rows.plan.is_plain:
        _prefetch_cache(order)["adjustments"] = [known_instance(Adjustment, **row) for row in rows.adjustments]
    if rows.seller_orders:
        show_sub_orders(order, _seller_orders(rows, written, items, of_order_group))
    return order


def _address_of(text: str | None) -> Any:
    return orjson.loads(text) if text else None


def _placed_event(rows: PlacingRows, written: Written) -> OrderEvent:
    return known_instance(
        OrderEvent,
        id=rows.order["event_id"],
        order_id=rows.order_id,
        kind=EventKind.PLACED,
        to_status=OrderStatus.PENDING,
        actor_id=rows.actor.user_id,
        data={},
        created_at=written.created_at,
    )


def _seller_orders(rows: PlacingRows, written: Written, items: list[OrderItem], of_order_group: Row) -> list[Order]:
    orders = []
    for row, planned in zip(rows.seller_orders, rows.plan.seller_orders, strict=True):
        seller_order = known_instance(
            Order,
            id=row["id"],
            parent_id=rows.order_id,
            seller_id=row["seller_id"],
            number=f"{written.number}-{row['position']}",
            **_amount_columns(planned.amounts),
            **of_order_group,
        )
        _prefetch_cache(seller_order)["items"] = [items[place] for place in planned.lines]
        orders.append(seller_order)
    return orders


def _amount_columns(amounts: OrderAmounts) -> Row:
    return {
        "subtotal": amounts.subtotal,
        "discount_total": amounts.discount_total,
        "tax_total": amounts.tax_total,
        "shipping_total": amounts.shipping_total,
        "shipping_tax": amounts.shipping_tax,
        "total": amounts.total,
    }


def _answered_items(rows: PlacingRows, written: Written) -> list[OrderItem]:
    holds: dict[UUID, list[Reservation]] = {}
    for row in rows.holds:
        holds.setdefault(row["item_id"], []).append(_answered_reservation(row, written))
    items = []
    for row in rows.items:
        seller_order_id = row.get("seller_order_id")
        # The statement's row names the group's order and the sub-order; the model has one column, the order that has
        # the line.
        columns = {name: value for name, value in row.items() if name != "seller_order_id"}
        item = known_instance(OrderItem, **{**columns, "order_id": seller_order_id} if seller_order_id else columns)
        _prefetch_cache(item)["reservations"] = holds.get(row["id"], [])
        items.append(item)
    return items


def _answered_reservation(row: Row, written: Written) -> Reservation:
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


def _prefetch_cache(instance: Order | OrderItem) -> dict[str, Any]:
    """Where Django keeps what prefetch_related read. Lists serve `.all()` here as querysets would."""
    cache: dict[str, Any] = instance.__dict__.setdefault("_prefetched_objects_cache", {})
    return cache
