"""Orders placed, paid, moved on and cancelled by GraphQL."""

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from orders.graphql.orders import OrderNode
from shared.graphql.doors import Door
from shared.graphql.fields import DOOR
from shared.graphql.mutations import InsufficientStock, InvalidInput, Key, RequestRefused, Version, made, perform
from shared.graphql.scalars import JSONValue, Money
from users.graphql.addresses import AddressInput

# Each goes through the route of REST's: its rights, scopes, checks and refusals are the same by construction.
PLACE = Door("order-list", "POST")
PAY = Door("order-payment", "PATCH", has_row=True)
ADVANCE = Door("order-advance", "PATCH", has_row=True)
CANCEL = Door("order-detail", "DELETE", has_row=True)
UPDATE = Door("order-detail", "PATCH", has_row=True)


@strawberry.input
class OrderLineInput:
    variant: str = strawberry.field(description="A variant's id or SKU.")
    quantity: int
    seller: strawberry.ID | None = strawberry.UNSET


@strawberry.input(description="As the body of POST /orders.")
class PlaceOrderInput:
    items: list[OrderLineInput]
    customer: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Staff and keys must name one; a customer's login is its own."
    )
    note: str | None = strawberry.UNSET
    currency: str | None = strawberry.UNSET
    ship_to_country: str | None = strawberry.UNSET
    shipping_method: str | None = strawberry.UNSET
    coupon: str | None = strawberry.UNSET
    payment_method: str | None = strawberry.UNSET
    delivery_address: AddressInput | None = strawberry.UNSET
    billing_address: AddressInput | None = strawberry.UNSET
    metadata: JSONValue | None = strawberry.UNSET


@strawberry.input(description="As the body of PATCH /orders/{id}/payment.")
class PaymentInput:
    amount: Money | None = strawberry.field(default=strawberry.UNSET, description="Unset: what the order waits for.")
    currency: str | None = strawberry.UNSET
    reference: str | None = strawberry.UNSET


@strawberry.input(description="As the body of PATCH /orders/{id}: what is named changes; null takes an address away.")
class UpdateOrderInput:
    delivery_address: AddressInput | None = strawberry.field(
        default=strawberry.UNSET, description="In the country it was priced for."
    )
    billing_address: AddressInput | None = strawberry.UNSET
    customer_tax_number: str | None = strawberry.UNSET
    metadata: JSONValue | None = strawberry.field(
        default=strawberry.UNSET, description="Texts by key; a key null is taken away, the others stay."
    )


@strawberry.type(description="The order, placed now or when the key was first used.")
class OrderPlaced:
    order: OrderNode
    replayed: bool = strawberry.field(description="The key had placed it before.")


@strawberry.type(description="The order as it now is.")
class OrderChanged:
    order: OrderNode


PlaceOrderResult = Annotated[
    OrderPlaced | InsufficientStock | InvalidInput | RequestRefused, strawberry.union("PlaceOrderResult")
]
OrderResult = Annotated[OrderChanged | InvalidInput | RequestRefused, strawberry.union("OrderResult")]


def _place(info: Info, input: PlaceOrderInput, idempotency_key: Key = None) -> Any:
    row, replayed, refusal = perform(info, PLACE, input, key=idempotency_key)
    return refusal or made(OrderPlaced, order=row, replayed=replayed)


def _pay(
    info: Info,
    id: strawberry.ID,
    input: PaymentInput | None = None,
    version: Version = None,
) -> Any:
    row, _, refusal = perform(info, PAY, input, pk=id, version=version, extra={"status": "paid"})
    return refusal or made(OrderChanged, order=row)


def _advance(
    info: Info,
    id: strawberry.ID,
    status: str,
    reason: str | None = None,
    unsettled: bool = False,
    version: Version = None,
) -> Any:
    # A reason that was not given is left out: null is no text to REST.
    body = {"status": status, "unsettled": unsettled} | ({} if reason is None else {"reason": reason})
    row, _, refusal = perform(info, ADVANCE, pk=id, version=version, extra=body)
    return refusal or made(OrderChanged, order=row)


def _update(info: Info, id: strawberry.ID, input: UpdateOrderInput, version: Version = None) -> Any:
    row, _, refusal = perform(info, UPDATE, input, pk=id, version=version)
    return refusal or made(OrderChanged, order=row)


def _cancel(info: Info, id: strawberry.ID, version: Version = None) -> Any:
    row, _, refusal = perform(info, CANCEL, pk=id, version=version)
    return refusal or made(OrderChanged, order=row)


@strawberry.type
class OrdersMutation:
    place_order: PlaceOrderResult | None = strawberry.mutation(
        resolver=_place, description="As POST /orders.", metadata={DOOR: PLACE}
    )
    confirm_payment: OrderResult | None = strawberry.mutation(
        resolver=_pay, description="As PATCH /orders/{id}/payment.", metadata={DOOR: PAY}
    )
    advance_order: OrderResult | None = strawberry.mutation(
        resolver=_advance, description="As PATCH /orders/{id}/status.", metadata={DOOR: ADVANCE}
    )
    update_order: OrderResult | None = strawberry.mutation(
        resolver=_update, description="As PATCH /orders/{id}.", metadata={DOOR: UPDATE}
    )
    cancel_order: OrderResult | None = strawberry.mutation(
        resolver=_cancel, description="As DELETE /orders/{id}: of an unpaid order.", metadata={DOOR: CANCEL}
    )
