"""Stock levels and their ledger in GraphQL, for staff."""

from collections.abc import Sequence
from typing import Any

import strawberry

from catalog.graphql.goods import SELLER, VARIANT, SellerNode, VariantNode
from inventory.api.levels.representations import StockMovementSerializer
from inventory.models.movement import StockMovement
from shared.graphql.connections import Connection
from shared.graphql.doors import Door
from shared.graphql.fields import by_id, extend, hanging, link, listed
from shared.graphql.kinds import Kind, Shown
from shared.graphql.scalars import BigInt, DateTime

LEVEL = Kind(Door("stock-level-list"), Door("stock-level-detail", has_row=True))


def _show_movements(_view: Any, records: Sequence[StockMovement]) -> Shown:
    return list(StockMovementSerializer(records, many=True).data)


# By the route of the level's ledger: the right to see levels is not the right to see their movements.
_LEDGER = Door("stock-level-movements", has_row=True)
MOVEMENT = Kind(_LEDGER, _LEDGER, rows=lambda _view: StockMovement.objects.all(), show=_show_movements)


@strawberry.type(name="StockMovement", description="One row of a level's ledger.")
class MovementNode:
    id: strawberry.ID
    level_id: strawberry.ID
    level_version: BigInt
    kind: str
    quantity: int
    on_hand_after: int
    reserved_after: int
    order_item_id: strawberry.ID | None
    actor_id: strawberry.ID | None
    reason: str
    created_at: DateTime


@strawberry.type(name="StockLevel", description="How many units of a variant lie at a location.")
class LevelNode:
    id: strawberry.ID
    variant_id: strawberry.ID
    variant: VariantNode | None = link(VARIANT, "variant")
    seller_id: strawberry.ID
    seller: SellerNode | None = link(SELLER, "seller")
    location_id: strawberry.ID
    on_hand: int
    reserved: int
    available: int
    low_stock_threshold: int | None
    version: BigInt
    movements: Connection[MovementNode] | None = hanging(
        # By version, not by id: of one level it is the order in which it changed.
        MOVEMENT,
        "level_id",
        ("-level_version",),
        "Every change, newest first.",
    )


@extend(VariantNode)
class VariantLevels:
    stock_levels: Connection[LevelNode] | None = hanging(LEVEL, "variant_id", ("-id",), "Where it lies.")


@strawberry.input
class StockLevelFilter:
    """As the query parameters of GET /stock-levels."""

    variant: strawberry.ID | None = strawberry.UNSET
    sku: str | None = strawberry.UNSET
    seller: strawberry.ID | None = strawberry.UNSET
    location: strawberry.ID | None = strawberry.UNSET


@strawberry.type
class StockQuery:
    stock_level: LevelNode | None = by_id(LEVEL, "One stock level.")
    stock_levels: Connection[LevelNode] | None = listed(LEVEL, StockLevelFilter, "Stock levels, newest first.")
