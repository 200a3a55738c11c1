"""Deals and tasks in GraphQL, for staff."""

import strawberry

from catalog.graphql.goods import VARIANT, VariantNode
from orders.graphql.kinds import ORDER
from orders.graphql.orders import OrderNode
from shared.graphql.connections import Connection
from shared.graphql.doors import Door
from shared.graphql.fields import by_id, embedded, extend, hanging, link, listed
from shared.graphql.kinds import Kind
from shared.graphql.scalars import Date, DateTime, JSONValue, Money
from users.graphql.people import CUSTOMER, CustomerNode

DEAL = Kind(Door("deal-list"), Door("deal-detail", has_row=True))
TASK = Kind(Door("task-list"), Door("task-detail", has_row=True))


@strawberry.type(name="DealLine", description="What a deal is about.")
class DealLineNode:
    id: strawberry.ID
    variant_id: strawberry.ID
    variant: VariantNode | None = link(VARIANT, "variant")
    sku: str
    quantity: int
    unit_price: Money = strawberry.field(description="Net, in the deal's currency.")


@strawberry.type(name="Task", description="What a colleague should do.")
class TaskNode:
    id: strawberry.ID
    title: str
    customer_id: strawberry.ID | None
    customer: CustomerNode | None = link(CUSTOMER, "customer")
    deal_id: strawberry.ID | None
    lead_id: strawberry.ID | None
    assignee_id: strawberry.ID | None
    priority: int
    due_at: DateTime | None
    reminder_at: DateTime | None
    repeat: str
    done_at: DateTime | None
    created_at: DateTime
    updated_at: DateTime


@strawberry.type(name="Deal", description="A sale that may happen.")
class DealNode:
    id: strawberry.ID
    title: str
    customer_id: strawberry.ID
    customer: CustomerNode | None = link(CUSTOMER, "customer")
    pipeline_id: strawberry.ID
    stage_id: strawberry.ID
    status: str
    value: Money
    currency: str
    probability: int | None
    expected_close: Date | None
    owner_id: strawberry.ID | None
    lost_reason: str
    custom_fields: JSONValue
    lines: Connection[DealLineNode] | None = embedded("lines", DEAL.single)
    order_id: strawberry.ID | None
    order: OrderNode | None = link(ORDER, "order", "The order it became.")
    tasks: Connection[TaskNode] | None = hanging(TASK, "deal_id", ("-id",), "Its tasks, newest first.")
    closed_at: DateTime | None
    created_at: DateTime
    updated_at: DateTime


@extend(TaskNode)
class TaskDeal:
    deal: DealNode | None = link(DEAL, "deal")


@extend(CustomerNode)
class CustomerDeals:
    deals: Connection[DealNode] | None = hanging(
        DEAL, "customer_id", ("-created_at", "-id"), "Its deals, newest first."
    )


@strawberry.input
class DealFilter:
    """As the query parameters of GET /deals."""

    customer: strawberry.ID | None = strawberry.UNSET
    pipeline: strawberry.ID | None = strawberry.UNSET
    stage: strawberry.ID | None = strawberry.UNSET
    status: str | None = strawberry.UNSET
    owner: strawberry.ID | None = strawberry.UNSET
    search: str | None = strawberry.UNSET


@strawberry.input
class TaskFilter:
    """As the query parameters of GET /tasks."""

    customer: strawberry.ID | None = strawberry.UNSET
    deal: strawberry.ID | None = strawberry.UNSET
    lead: strawberry.ID | None = strawberry.UNSET
    assignee: strawberry.ID | None = strawberry.UNSET
    is_done: bool | None = strawberry.UNSET
    due_before: DateTime | None = strawberry.UNSET


@strawberry.type
class SalesQuery:
    deal: DealNode | None = by_id(DEAL, "One deal.")
    deals: Connection[DealNode] | None = listed(DEAL, DealFilter, "Deals, newest first.")
    task: TaskNode | None = by_id(TASK, "One task.")
    tasks: Connection[TaskNode] | None = listed(TASK, TaskFilter, "Tasks, newest first.")
