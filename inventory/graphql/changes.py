"""Stock adjusted by GraphQL."""

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from inventory.graphql.stock import MovementNode
from shared.graphql.doors import Door
from shared.graphql.fields import DOOR
from shared.graphql.mutations import InvalidInput, Key, RequestRefused, Version, made, perform

ADJUST = Door("stock-level-adjustments", "POST", has_row=True)


@strawberry.type(description="The row of the ledger.")
class StockAdjusted:
    movement: MovementNode
    replayed: bool = strawberry.field(description="The key had done it before.")


AdjustStockResult = Annotated[StockAdjusted | InvalidInput | RequestRefused, strawberry.union("AdjustStockResult")]


def _adjust(
    info: Info,
    id: strawberry.ID,
    quantity: int,
    reason: str,
    idempotency_key: Key = None,
    version: Version = None,
) -> Any:
    # Checked by REST's own body, so that both refuse the same with the same words.
    body = {"quantity": quantity, "reason": reason}
    row, replayed, refusal = perform(info, ADJUST, pk=id, key=idempotency_key, version=version, extra=body)
    return refusal or made(StockAdjusted, movement=row, replayed=replayed)


@strawberry.type
class StockMutation:
    adjust_stock: AdjustStockResult | None = strawberry.mutation(
        resolver=_adjust, description="As POST /stock-levels/{id}/adjustments.", metadata={DOOR: ADJUST}
    )
