"""Drafts and quotes in GraphQL, for staff."""

from typing import Any

import strawberry
from strawberry.types import Info

from catalog.graphql.goods import SELLER, VARIANT, SellerNode, VariantNode
from orders.graphql.kinds import ORDER
from orders.graphql.orders import OrderNode
from shared.graphql.connections import Connection
from shared.graphql.doors import Door
from shared.graphql.fields import DOOR, Source, by_id, embedded, link, listed
from shared.graphql.kinds import Kind
from shared.graphql.scalars import Date, DateTime, Money
from users.graphql.addresses import AddressNode
from users.graphql.people import CUSTOMER, CustomerNode

# One draft is shown with its worth: up to 200 lines priced, in eight statements.
_PRICED = 250
DRAFT = Kind(Door("draft-list"), Door("draft-detail", has_row=True))


@strawberry.type(name="Discount", description="What staff take off, and why.")
class DiscountNode:
    kind: str
    value: Money = strawberry.field(description="Percent (10 is 10 %), or an amount in the currency.")
    reason: str


@strawberry.type(name="DraftLine", description="One line; amounts are in the draft's currency.")
class DraftLineNode:
    id: strawberry.ID
    variant_id: strawberry.ID
    variant: VariantNode | None = link(VARIANT, "variant")
    seller_id: strawberry.ID | None
    seller: SellerNode | None = link(SELLER, "seller")
    quantity: int
    agreed_price: Money | None = strawberry.field(description="Of one unit, instead of the catalogue's.")
    discount: DiscountNode | None = strawberry.field(description="Off the whole line.")


@strawberry.type(name="DraftWorth", description="What it would cost if it were ordered now.")
class DraftWorthNode:
    lines: list[Money | None] = strawberry.field(description="Of each line, with its tax; null without a price.")
    subtotal: Money | None
    discount_total: Money | None
    tax_total: Money | None
    shipping_total: Money | None
    total: Money | None = strawberry.field(description="With the shipping, if the draft names a method.")
    problem: str = strawberry.field(
        description="Why there are no sums: the coupon or the shipping method does not hold."
    )


def _worth_of(root: Source, info: Info) -> Any:
    DRAFT.single.open(info.context)
    # Pricing a cart takes statements of its own, so REST's list shows no worth, either.
    return root.get("worth")


@strawberry.type(name="Draft", description="A draft or quote: it holds no stock until it is ordered.")
class DraftNode:
    id: strawberry.ID
    number: str
    kind: str
    status: str
    customer_id: strawberry.ID
    customer: CustomerNode | None = link(CUSTOMER, "customer")
    currency: str
    lines: Connection[DraftLineNode] | None = embedded("lines", DRAFT.single)
    note: str
    ship_to_country: str
    delivery_address: AddressNode | None
    billing_address: AddressNode | None
    shipping_method: str
    payment_method: str
    coupon: str
    discount: DiscountNode | None = strawberry.field(description="Off the whole order.")
    valid_until: Date | None = strawberry.field(description="The last day on which it can become an order.")
    order_id: strawberry.ID | None
    order: OrderNode | None = link(ORDER, "order", "The order it became.")
    worth: DraftWorthNode | None = strawberry.field(
        resolver=_worth_of,
        description="Of one draft, and of one that was changed; null in a list.",
        metadata={DOOR: DRAFT.single},
    )
    version: int
    created_at: DateTime
    updated_at: DateTime


@strawberry.input
class DraftFilter:
    """As the query parameters of GET /drafts."""

    customer: strawberry.ID | None = strawberry.UNSET
    status: str | None = strawberry.UNSET
    kind: str | None = strawberry.UNSET
    number: str | None = strawberry.UNSET


@strawberry.type
class DraftsQuery:
    draft: DraftNode | None = by_id(DRAFT, "One draft or quote.", weight=_PRICED)
    drafts: Connection[DraftNode] | None = listed(DRAFT, DraftFilter, "Drafts and quotes, newest first.")
