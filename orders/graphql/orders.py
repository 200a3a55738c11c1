"""Orders in GraphQL, with everything beneath them."""

import strawberry

from catalog.graphql.goods import SELLER, SellerNode
from orders.graphql import beneath, kinds
from orders.graphql.lines import LineNode, lines
from shared.graphql.connections import Connection
from shared.graphql.fields import by_id, extend, hanging, link, listed
from shared.graphql.scalars import DateTime, JSONValue, Money
from users.graphql.addresses import AddressNode
from users.graphql.people import CUSTOMER, CustomerNode


@strawberry.type(name="Order", description="An order; one over several sellers has a sub-order for each.")
class OrderNode:
    id: strawberry.ID
    number: str
    customer_id: strawberry.ID
    customer: CustomerNode | None = link(CUSTOMER, "customer")
    status: str
    payment_status: str
    currency: str
    subtotal: Money
    discount_total: Money
    tax_total: Money
    shipping_total: Money
    total: Money
    amount_due: Money | None
    dispute: str
    items: Connection[LineNode] | None = lines()
    note: str
    payment_expires_at: DateTime | None
    paid_at: DateTime | None
    cancelled_at: DateTime | None
    cancel_reason: str
    parent_id: strawberry.ID | None
    seller_id: strawberry.ID | None
    seller: SellerNode | None = link(SELLER, "seller")
    ship_to_country: str
    delivery_address: AddressNode | None = strawberry.field(description="As it was when it was placed.")
    billing_address: AddressNode | None = strawberry.field(description="Whom the invoice names, likewise.")
    customer_tax_number: str
    metadata: JSONValue
    shipping_method: str
    coupon: str
    payment_method: str
    version: int
    created_at: DateTime
    updated_at: DateTime
    payments: Connection[beneath.PaymentNode] | None = hanging(kinds.PAYMENT, "order_id", ("id",))
    disputes: Connection[beneath.DisputeNode] | None = hanging(
        kinds.DISPUTE, "order_id", ("id",), holder=kinds.disputed
    )
    reservations: Connection[beneath.ReservationNode] | None = hanging(
        kinds.HOLD, "item__order_id", ("id",), parents=kinds.wholes
    )
    # Not by id alone: ids are of the clocks of several machines, the moment is the database's.
    events: Connection[beneath.OrderEventNode] | None = hanging(kinds.EVENT, "order_id", ("created_at", "id"))
    adjustments: Connection[beneath.AdjustmentNode] | None = hanging(kinds.REASON, "order_id", ("id",))
    shipments: Connection[beneath.ShipmentNode] | None = hanging(
        kinds.SHIPMENT, "order_id", ("-id",), parents=kinds.wholes
    )
    refunds: Connection[beneath.RefundNode] | None = hanging(kinds.REFUND, "order_id", ("-id",), parents=kinds.wholes)
    returns: Connection[beneath.ReturnNode] | None = hanging(kinds.RETURN, "order_id", ("-id",), parents=kinds.wholes)


@extend(OrderNode)
# Apart, as a type cannot name itself before it is there.
class OrderGroup:
    parent: OrderNode | None = link(kinds.ORDER, "parent", "Of a sub-order: its parent order.")
    sub_orders: Connection[OrderNode] | None = hanging(
        kinds.SUB_ORDER, "parent_id", ("id",), "One for each of its sellers."
    )


@extend(LineNode)
class LineOrder:
    order: OrderNode | None = link(kinds.ORDER, "order")


@extend(CustomerNode)
# Said here and not with customers: people know nothing of orders, which stand above them.
class CustomerOrders:
    orders: Connection[OrderNode] | None = hanging(
        kinds.ORDER, "customer_id", ("-created_at", "-id"), "Its orders, newest first."
    )


@strawberry.input
class OrderFilter:
    """As the query parameters of GET /orders."""

    customer: strawberry.ID | None = strawberry.UNSET
    status: str | None = strawberry.UNSET
    payment_status: str | None = strawberry.UNSET
    seller: strawberry.ID | None = strawberry.UNSET
    parent: strawberry.ID | None = strawberry.UNSET
    number: str | None = strawberry.UNSET
    created_after: DateTime | None = strawberry.UNSET
    created_before: DateTime | None = strawberry.UNSET
    min_total: Money | None = strawberry.UNSET
    search: str | None = strawberry.UNSET


@strawberry.type
class OrdersQuery:
    order: OrderNode | None = by_id(kinds.ORDER, "One order.")
    orders: Connection[OrderNode] | None = listed(kinds.ORDER, OrderFilter, "Whole orders, newest first.")
