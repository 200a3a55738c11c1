"""Lines of orders in GraphQL."""

from typing import Any

import strawberry
from strawberry.types import Info

from catalog.graphql.goods import SELLER, VARIANT, SellerNode, VariantNode
from orders.graphql.kinds import LINE, ONE_ORDER, lines_are_read, wholes
from orders.models.order_item import OrderItem
from shared.graphql.connections import DEFAULT_FIRST, Page, keyset_cursor, read_keyset
from shared.graphql.fields import DOOR, After, Source, embedded_page, link
from shared.graphql.kinds import key_of
from shared.graphql.rows import Level, Row
from shared.graphql.scalars import Money

# Of a split order, too: positions go on over its sub-orders' lines as they were placed.
_BY_POSITION = ("position",)


@strawberry.type(name="OrderItem", description="One line; amounts are in the order's currency.")
class LineNode:
    id: strawberry.ID
    order_id: strawberry.ID
    variant_id: strawberry.ID
    variant: VariantNode | None = link(VARIANT, "variant")
    sku: str
    name: str
    seller_id: strawberry.ID
    seller: SellerNode | None = link(SELLER, "seller")
    quantity: int
    unit_price: Money
    total_price: Money
    tax_amount: Money
    tax_included: bool
    discount_amount: Money
    price_reason: str
    shipped_quantity: int
    returned_quantity: int
    refunded_quantity: int
    cancelled_quantity: int
    status: str


def _lines_of(root: Source, info: Info, first: int = DEFAULT_FIRST, after: After = None) -> Any:
    if root.record is None:  # an order as it was answered
        return embedded_page(root, "items", first, after)
    if not lines_are_read(root.record):
        return LINE.hanging(
            info.context, root, field="order_id", order=_BY_POSITION, first=first, after=after, parents=wholes
        )
    # Once for the level, not for each order of it: a nested list costs one statement, whatever the page.
    lines = root.level.once("lines", lambda: _read_with_orders(root.level))[key_of(root)]
    beyond = read_keyset(after, OrderItem, _BY_POSITION)
    if beyond:
        lines = [line for line in lines if line.record.position > beyond[0]]
    page = lines[:first]
    return Page(
        page, has_next=len(lines) > first, cursor_at=lambda index: keyset_cursor(page[index].record, _BY_POSITION)
    )


def _read_with_orders(level: Level) -> dict[Any, list[Row]]:
    """The lines that came with the page of orders, as one level."""
    lines = [line for row in level.rows for line in row.record.items.all()]
    shown = Level([line for row in level.rows for line in row["items"]], lines)
    found: dict[Any, list[Row]] = {}
    # The level has the lines of all orders in a row; each takes as many as it has.
    waiting = iter(shown.rows)
    for row in level.rows:
        found[key_of(row)] = [next(waiting) for _line in row["items"]]
    return found


def lines() -> Any:
    return strawberry.field(
        resolver=_lines_of, description="Its lines; of a split order its sub-orders'.", metadata={DOOR: ONE_ORDER}
    )
