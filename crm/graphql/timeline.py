"""The timeline of customers, leads and deals, and comments on orders, in GraphQL."""

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from crm.graphql.sales import DEAL, DealNode
from orders.graphql.kinds import ORDER
from orders.graphql.orders import OrderNode
from shared.graphql.connections import Connection
from shared.graphql.doors import Door
from shared.graphql.fields import DOOR, by_id, extend, hanging, link, listed
from shared.graphql.kinds import Kind
from shared.graphql.mutations import InvalidInput, Key, RequestRefused, made, perform
from shared.graphql.scalars import DateTime
from users.graphql.people import CUSTOMER, CustomerNode

ACTIVITY = Kind(Door("activity-list"), Door("activity-detail", has_row=True))
ADD = Door("activity-list", "POST")
# Not by id: what happened may be written down later.
_NEWEST_FIRST = ("-happened_at", "-id")


@strawberry.type(name="Activity", description="What happened, or was said; with an order it is a comment on it.")
class ActivityNode:
    id: strawberry.ID
    kind: str
    customer_id: strawberry.ID | None
    customer: CustomerNode | None = link(CUSTOMER, "customer")
    lead_id: strawberry.ID | None
    deal_id: strawberry.ID | None
    deal: DealNode | None = link(DEAL, "deal")
    order_id: strawberry.ID | None
    order: OrderNode | None = link(ORDER, "order")
    author_id: strawberry.ID | None = strawberry.field(description="Who wrote it; null: the system.")
    subject: str
    text: str
    happened_at: DateTime


@extend(OrderNode)
class OrderComments:
    comments: Connection[ActivityNode] | None = hanging(
        ACTIVITY, "order_id", _NEWEST_FIRST, "What colleagues said of it, newest first."
    )


@extend(CustomerNode)
class CustomerActivities:
    activities: Connection[ActivityNode] | None = hanging(
        ACTIVITY, "customer_id", _NEWEST_FIRST, "Its timeline, newest first."
    )


@extend(DealNode)
class DealActivities:
    activities: Connection[ActivityNode] | None = hanging(
        ACTIVITY, "deal_id", _NEWEST_FIRST, "Its timeline, newest first."
    )


@strawberry.input
class ActivityFilter:
    """As the query parameters of GET /activities."""

    customer: strawberry.ID | None = strawberry.UNSET
    lead: strawberry.ID | None = strawberry.UNSET
    deal: strawberry.ID | None = strawberry.UNSET
    order: strawberry.ID | None = strawberry.UNSET
    kind: str | None = strawberry.field(
        default=strawberry.UNSET, description="Together with a customer, lead, deal or order."
    )


@strawberry.input(description="As the body of POST /activities.")
class ActivityInput:
    kind: str | None = strawberry.UNSET
    customer: strawberry.ID | None = strawberry.UNSET
    lead: strawberry.ID | None = strawberry.UNSET
    deal: strawberry.ID | None = strawberry.UNSET
    order: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Of a comment on an order; its customer need not be named."
    )
    subject: str | None = strawberry.UNSET
    text: str | None = strawberry.UNSET
    happened_at: DateTime | None = strawberry.UNSET


@strawberry.type(description="What was written; it stays as it is.")
class ActivityAdded:
    activity: ActivityNode
    replayed: bool = strawberry.field(description="The key had done it before.")


ActivityResult = Annotated[ActivityAdded | InvalidInput | RequestRefused, strawberry.union("ActivityResult")]


def _add(info: Info, input: ActivityInput, idempotency_key: Key = None) -> Any:
    row, replayed, refusal = perform(info, ADD, input, key=idempotency_key)
    return refusal or made(ActivityAdded, activity=row, replayed=replayed)


@strawberry.type
class TimelineQuery:
    activity: ActivityNode | None = by_id(ACTIVITY, "One entry of a timeline.")
    activities: Connection[ActivityNode] | None = listed(ACTIVITY, ActivityFilter, "All timelines, newest first.")


@strawberry.type
class TimelineMutation:
    add_activity: ActivityResult | None = strawberry.mutation(
        resolver=_add, description="As POST /activities: to comment on an order, name it.", metadata={DOOR: ADD}
    )
