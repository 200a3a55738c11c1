"""A plan as rows to write, and what was written as the order it is: so that the answer needs no second read."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from inventory.ledger.stock import Move
from orders.placing.limits import OrderLimits
from orders.placing.plan import Plan, PlannedLine
from orders.placing.requested_lines import NO_EXTRAS
from orders.placing.sql import Row
from orders.reservations.backorder_allocation import PartlyTaken
from orders.reservations.backorders import Waiting
from shared.actor import Actor
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class PlacingRows:
    """One order as rows: `order`, `items`, `holds`, `seller_orders` and `adjustments` for sql.write_orders, `moves` for
    the stock, and the plan for the answer. `waiting` is what goods must come for, at levels that are `sold_out`. Ids
    are made here: a retry writes the very same rows."""

    order_id: UUID
    plan: Plan
    actor: Actor
    order: Row
    items: list[Row]
    holds: list[Row]
    moves: list[Move]
    now: datetime | None
    seller_orders: list[Row] = field(default_factory=list)
    adjustments: list[Row] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    sold_out: list[UUID] = field(default_factory=list)
    limits: OrderLimits | None = None

    @property
    def customer_id(self) -> UUID:
        buyer: UUID = self.order["customer_id"]
        return buyer


# What the columns of rich orders hold for a plain one that is written beside one.
_NOTHING = Decimal(0)  # the answer is made of these rows, too
_PLAIN_ORDER: Row = {
    "discount_total": _NOTHING,
    "shipping_total": _NOTHING,
    "shipping_tax": _NOTHING,
    **asdict(NO_EXTRAS),
}
_PLAIN_ITEM: Row = {"seller_order_id": None, "tax_included": False, "discount_amount": _NOTHING, "price_reason": ""}


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
    limits: OrderLimits | None,
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
    rows = PlacingRows(order_id, plan, actor, order, items, holds, moves, now, limits=limits)
    for item, line in zip(items, plan.lines, strict=True):
        partly = line.allocation
        if isinstance(partly, PartlyTaken):
            rows.waiting.append(Waiting(item["id"], line.sellable.variant_id, partly.seller_id, partly.waiting))
            # Not only those it takes from: a unit that arrives at another meanwhile is to be taken, not waited for.
            rows.sold_out.extend(partly.level_ids)
    if not plan.is_plain:
        _add_terms(rows)
    return rows


def as_rich(rows: PlacingRows) -> None:
    """Let a plain order be written by the same statement as a rich one."""
    rows.order.update({**_PLAIN_ORDER, **rows.order})
    for item in rows.items:
        item.update({**_PLAIN_ITEM, **item})


def _add_terms(rows: PlacingRows) -> None:
    plan, amounts = rows.plan, rows.plan.amounts
    rows.order.update(
        asdict(plan.extras),
        discount_total=amounts.discount_total,
        shipping_total=amounts.shipping_total,
        shipping_tax=amounts.shipping_tax,
    )
    for item, line in zip(rows.items, plan.lines, strict=True):
        item.update(
            seller_order_id=None,
            tax_included=line.amounts.tax_included,
            discount_amount=line.amounts.discount_amount,
            price_reason=line.amounts.price_reason,
        )
    for position, seller_order in enumerate(plan.seller_orders, start=1):
        row = {
            "id": new_id(),
            "order_id": rows.order_id,
            "seller_id": seller_order.seller_id,
            "position": position,
            "event_id": new_id(),
            **asdict(seller_order.amounts),
        }
        rows.seller_orders.append(row)
        for place in seller_order.lines:
            rows.items[place]["seller_order_id"] = row["id"]
    for adjustment in plan.adjustments:
        rows.adjustments.append(
            {
                "id": new_id(),
                "order_id": rows.order_id,
                "item_id": None if adjustment.line is None else rows.items[adjustment.line]["id"],
                "kind": adjustment.kind.value,
                "label": adjustment.label,
                "amount": adjustment.amount,
                "data": adjustment.data,
            }
        )


def _item_row(order_id: UUID, position: int, line: PlannedLine) -> Row:
    return {
        "id": new_id(),
        "order_id": order_id,
        "position": position,
        "variant_id": line.sellable.variant_id,
        "seller_id": line.allocation.seller_id,
        "sku": line.sellable.sku,
        "name": line.sellable.name,
        "quantity": line.quantity,
        "unit_price": line.amounts.unit_price,
        "tax_rate": line.amounts.tax_rate,
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
