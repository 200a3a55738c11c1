"""What hangs on an order, in GraphQL."""

import strawberry

from shared.graphql.scalars import DateTime, JSONValue, Money


@strawberry.type(name="Payment", description="Money that came in.")
class PaymentNode:
    id: strawberry.ID
    amount: Money
    refunded_amount: Money = strawberry.field(description="Promised back so far, paid out or not.")
    currency: str
    reference: str
    status: str
    match: str = strawberry.field(description="How it met what was due.")
    excess_amount: Money
    provider: str
    method: str
    intent_id: strawberry.ID | None
    created_at: DateTime


@strawberry.type(name="Dispute", description="A payer's bank takes money back.")
class DisputeNode:
    id: strawberry.ID
    kind: str
    payment_id: strawberry.ID | None
    provider: str
    provider_id: str
    amount: Money
    currency: str
    reason: str
    status: str
    funds: str
    evidence_due_at: DateTime | None
    created_at: DateTime
    closed_at: DateTime | None


@strawberry.type(name="Reservation", description="Units of a stock level held for a line.")
class ReservationNode:
    id: strawberry.ID
    item_id: strawberry.ID
    stock_level_id: strawberry.ID
    quantity: int
    status: str
    expires_at: DateTime | None


@strawberry.type(name="OrderEvent", description="A change of the order: who, when, from, to, why.")
class OrderEventNode:
    id: strawberry.ID
    kind: str
    from_status: str
    to_status: str
    actor_id: strawberry.ID | None
    reason: str
    data: JSONValue
    created_at: DateTime


@strawberry.type(name="Adjustment", description="Why the order costs what it costs.")
class AdjustmentNode:
    kind: str
    label: str
    amount: Money = strawberry.field(description="What it adds to the total; negative for a discount.")
    item_id: strawberry.ID | None
    data: JSONValue


@strawberry.type(name="ShipmentItem")
class ShipmentLineNode:
    item_id: strawberry.ID
    sku: str
    name: str
    quantity: int


@strawberry.type(name="Shipment", description="Units of one order's lines that leave one location together.")
class ShipmentNode:
    id: strawberry.ID
    number: str
    order_id: strawberry.ID
    status: str
    location_id: strawberry.ID
    carrier: str
    tracking_number: str
    tracking_url: str
    items: list[ShipmentLineNode]
    version: int
    created_at: DateTime
    shipped_at: DateTime | None
    delivered_at: DateTime | None


@strawberry.type(name="RefundItem")
class RefundLineNode:
    item_id: strawberry.ID
    quantity: int
    amount: Money
    restocked_quantity: int


@strawberry.type(name="Refund", description="Money that goes back.")
class RefundNode:
    id: strawberry.ID
    order_id: strawberry.ID
    payment_id: strawberry.ID
    order_return_id: strawberry.ID | None
    cause: str
    amount: Money
    currency: str
    restocking_fee: Money
    shipping_amount: Money
    reason: str
    status: str
    reference: str
    failure: str
    items: list[RefundLineNode]
    created_at: DateTime
    done_at: DateTime | None


@strawberry.type(name="ReturnItem")
class ReturnLineNode:
    item_id: strawberry.ID
    quantity: int
    received_quantity: int
    restocked_quantity: int


@strawberry.type(name="Return", description="Goods that come back.")
class ReturnNode:
    id: strawberry.ID
    order_id: strawberry.ID
    number: str
    status: str
    reason: str
    answer: str
    items: list[ReturnLineNode]
    refunds: list[strawberry.ID]
    version: int
    created_at: DateTime
    decided_at: DateTime | None
    received_at: DateTime | None
