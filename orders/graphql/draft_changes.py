"""Drafts and quotes made, changed, decided and ordered by GraphQL."""

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from orders.graphql.changes import OrderChanged
from orders.graphql.drafts import DraftNode
from shared.graphql.doors import Door
from shared.graphql.fields import DOOR
from shared.graphql.mutations import InsufficientStock, InvalidInput, Key, RequestRefused, Version, made, perform
from shared.graphql.scalars import Date, Money
from users.graphql.addresses import AddressInput

CREATE = Door("draft-list", "POST")
UPDATE = Door("draft-detail", "PATCH", has_row=True)
SEND = Door("draft-sending", "POST", has_row=True)
DECLINE = Door("draft-decline", "POST", has_row=True)
ORDER = Door("draft-order", "POST", has_row=True)


@strawberry.input(description="Needs the right to agree prices; keys the scope `prices:write`.")
class DiscountInput:
    kind: str = strawberry.field(description="`percent` or `amount`.")
    value: Money
    reason: str = strawberry.field(description="Stays with the order. The customer reads it.")


@strawberry.input
class DraftLineInput:
    variant: strawberry.ID
    quantity: int
    seller: strawberry.ID | None = strawberry.UNSET
    agreed_price: Money | None = strawberry.field(
        default=strawberry.UNSET, description="Of one unit, instead of the catalogue's."
    )
    discount: DiscountInput | None = strawberry.field(default=strawberry.UNSET, description="Off the whole line.")


@strawberry.input(description="As the body of PATCH /drafts/{id}: what is named changes; `lines` are then all lines.")
class UpdateDraftInput:
    lines: list[DraftLineInput] | None = strawberry.UNSET
    note: str | None = strawberry.UNSET
    valid_until: Date | None = strawberry.UNSET
    ship_to_country: str | None = strawberry.UNSET
    delivery_address: AddressInput | None = strawberry.UNSET
    billing_address: AddressInput | None = strawberry.UNSET
    shipping_method: str | None = strawberry.UNSET
    payment_method: str | None = strawberry.UNSET
    coupon: str | None = strawberry.UNSET
    discount: DiscountInput | None = strawberry.field(default=strawberry.UNSET, description="Off the whole order.")


@strawberry.input(description="As the body of POST /drafts.")
class DraftInput(UpdateDraftInput):
    customer: strawberry.ID
    kind: str | None = strawberry.field(default=strawberry.UNSET, description="`draft` or `quote`.")
    currency: str | None = strawberry.field(default=strawberry.UNSET, description="Unset: the shop's.")


@strawberry.type(description="The draft as it now is.")
class DraftSaved:
    draft: DraftNode
    replayed: bool = strawberry.field(description="The key had done it before.")


DraftResult = Annotated[DraftSaved | InvalidInput | RequestRefused, strawberry.union("DraftResult")]
OrderDraftResult = Annotated[
    OrderChanged | InsufficientStock | InvalidInput | RequestRefused, strawberry.union("OrderDraftResult")
]


def _create(info: Info, input: DraftInput, idempotency_key: Key = None) -> Any:
    row, replayed, refusal = perform(info, CREATE, input, key=idempotency_key)
    return refusal or made(DraftSaved, draft=row, replayed=replayed)


def _update(info: Info, id: strawberry.ID, input: UpdateDraftInput, version: Version = None) -> Any:
    row, replayed, refusal = perform(info, UPDATE, input, pk=id, version=version)
    return refusal or made(DraftSaved, draft=row, replayed=replayed)


def _send(info: Info, id: strawberry.ID, idempotency_key: Key = None, version: Version = None) -> Any:
    row, replayed, refusal = perform(info, SEND, pk=id, key=idempotency_key, version=version, extra={})
    return refusal or made(DraftSaved, draft=row, replayed=replayed)


def _decline(info: Info, id: strawberry.ID, idempotency_key: Key = None, version: Version = None) -> Any:
    row, replayed, refusal = perform(info, DECLINE, pk=id, key=idempotency_key, version=version, extra={})
    return refusal or made(DraftSaved, draft=row, replayed=replayed)


def _order(info: Info, id: strawberry.ID, idempotency_key: Key = None, version: Version = None) -> Any:
    row, _, refusal = perform(info, ORDER, pk=id, key=idempotency_key, version=version, extra={})
    return refusal or made(OrderChanged, order=row)


@strawberry.type
class DraftsMutation:
    create_draft: DraftResult | None = strawberry.mutation(
        resolver=_create, description="As POST /drafts.", metadata={DOOR: CREATE}
    )
    update_draft: DraftResult | None = strawberry.mutation(
        resolver=_update, description="As PATCH /drafts/{id}: one that was sent is open again.", metadata={DOOR: UPDATE}
    )
    send_draft: DraftResult | None = strawberry.mutation(
        resolver=_send, description="As POST /drafts/{id}/sending: the customer has it.", metadata={DOOR: SEND}
    )
    decline_draft: DraftResult | None = strawberry.mutation(
        resolver=_decline, description="As POST /drafts/{id}/decline: nothing comes of it.", metadata={DOOR: DECLINE}
    )
    order_draft: OrderDraftResult | None = strawberry.mutation(
        resolver=_order,
        description="As POST /drafts/{id}/order: once; the order that it became, as that now is.",
        metadata={DOOR: ORDER},
    )
