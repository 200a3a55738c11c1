"""Deals and tasks made and moved by GraphQL."""

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from crm.graphql.sales import DealNode, TaskNode
from shared.graphql.doors import Door
from shared.graphql.fields import DOOR
from shared.graphql.mutations import InsufficientStock, InvalidInput, Key, RequestRefused, as_body, made, perform
from shared.graphql.scalars import Date, DateTime, JSONValue, Money

OPEN_DEAL = Door("deal-list", "POST")
UPDATE_DEAL = Door("deal-detail", "PATCH", has_row=True)
SET_LINES = Door("deal-lines", "PATCH", has_row=True)
ORDER_DEAL = Door("deal-order", "POST", has_row=True)
MOVE_DEAL = Door("deal-stage", "PATCH", has_row=True)
ADD_TASK = Door("task-list", "POST")
UPDATE_TASK = Door("task-detail", "PATCH", has_row=True)
COMPLETE_TASK = Door("task-complete", "POST", has_row=True)


@strawberry.input(description="As the body of PATCH /deals/{id}: what is left out stays as it is.")
class UpdateDealInput:
    title: str | None = strawberry.UNSET
    value: Money | None = strawberry.UNSET
    currency: str | None = strawberry.UNSET
    probability: int | None = strawberry.UNSET
    expected_close: Date | None = strawberry.UNSET
    owner: strawberry.ID | None = strawberry.UNSET
    custom_fields: JSONValue | None = strawberry.UNSET


@strawberry.input(description="As the body of POST /deals.")
class DealInput(UpdateDealInput):
    title: str
    customer: strawberry.ID
    pipeline: strawberry.ID | None = strawberry.UNSET
    stage: strawberry.ID | None = strawberry.UNSET


@strawberry.input
class DealLineInput:
    variant: strawberry.ID
    quantity: int
    unit_price: Money | None = strawberry.field(
        default=strawberry.UNSET, description="Net, in the deal's currency; unset: the variant's price."
    )


@strawberry.input(description="As the body of PATCH /tasks/{id}: what is left out stays as it is.")
class UpdateTaskInput:
    title: str | None = strawberry.UNSET
    customer: strawberry.ID | None = strawberry.UNSET
    deal: strawberry.ID | None = strawberry.UNSET
    lead: strawberry.ID | None = strawberry.UNSET
    assignee: strawberry.ID | None = strawberry.UNSET
    priority: int | None = strawberry.UNSET
    due_at: DateTime | None = strawberry.UNSET
    reminder_at: DateTime | None = strawberry.UNSET
    repeat: str | None = strawberry.UNSET


@strawberry.input(description="As the body of POST /tasks.")
class TaskInput(UpdateTaskInput):
    title: str


@strawberry.type(description="The deal as it now is.")
class DealSaved:
    deal: DealNode
    replayed: bool = strawberry.field(description="The key had done it before.")


@strawberry.type(description="The task as it now is.")
class TaskSaved:
    task: TaskNode
    replayed: bool = strawberry.field(description="The key had done it before.")


DealResult = Annotated[DealSaved | InvalidInput | RequestRefused, strawberry.union("DealResult")]
OrderDealResult = Annotated[
    DealSaved | InsufficientStock | InvalidInput | RequestRefused, strawberry.union("OrderDealResult")
]
TaskResult = Annotated[TaskSaved | InvalidInput | RequestRefused, strawberry.union("TaskResult")]


def _create_deal(info: Info, input: DealInput, idempotency_key: Key = None) -> Any:
    row, replayed, refusal = perform(info, OPEN_DEAL, input, key=idempotency_key)
    return refusal or made(DealSaved, deal=row, replayed=replayed)


def _update_deal(info: Info, id: strawberry.ID, input: UpdateDealInput) -> Any:
    row, replayed, refusal = perform(info, UPDATE_DEAL, input, pk=id)
    return refusal or made(DealSaved, deal=row, replayed=replayed)


def _set_deal_lines(info: Info, id: strawberry.ID, lines: list[DealLineInput]) -> Any:
    row, replayed, refusal = perform(info, SET_LINES, pk=id, extra={"lines": [as_body(line) for line in lines]})
    return refusal or made(DealSaved, deal=row, replayed=replayed)


def _order_deal(info: Info, id: strawberry.ID, idempotency_key: Key = None) -> Any:
    row, replayed, refusal = perform(info, ORDER_DEAL, pk=id, key=idempotency_key)
    return refusal or made(DealSaved, deal=row, replayed=replayed)


def _move_deal(
    info: Info,
    id: strawberry.ID,
    stage: strawberry.ID,
    lost_reason: str | None = None,
) -> Any:
    body = {"stage": stage} | ({} if lost_reason is None else {"lost_reason": lost_reason})
    row, replayed, refusal = perform(info, MOVE_DEAL, pk=id, extra=body)
    return refusal or made(DealSaved, deal=row, replayed=replayed)


def _add_task(info: Info, input: TaskInput, idempotency_key: Key = None) -> Any:
    row, replayed, refusal = perform(info, ADD_TASK, input, key=idempotency_key)
    return refusal or made(TaskSaved, task=row, replayed=replayed)


def _update_task(info: Info, id: strawberry.ID, input: UpdateTaskInput) -> Any:
    row, replayed, refusal = perform(info, UPDATE_TASK, input, pk=id)
    return refusal or made(TaskSaved, task=row, replayed=replayed)


def _complete_task(info: Info, id: strawberry.ID, idempotency_key: Key = None) -> Any:
    row, replayed, refusal = perform(info, COMPLETE_TASK, pk=id, key=idempotency_key)
    return refusal or made(TaskSaved, task=row, replayed=replayed)


@strawberry.type
class SalesMutation:
    create_deal: DealResult | None = strawberry.mutation(
        resolver=_create_deal, description="As POST /deals.", metadata={DOOR: OPEN_DEAL}
    )
    update_deal: DealResult | None = strawberry.mutation(
        resolver=_update_deal, description="As PATCH /deals/{id}.", metadata={DOOR: UPDATE_DEAL}
    )
    set_deal_lines: DealResult | None = strawberry.mutation(
        resolver=_set_deal_lines,
        description="As PATCH /deals/{id}/lines: these are then all lines.",
        metadata={DOOR: SET_LINES},
    )
    order_deal: OrderDealResult | None = strawberry.mutation(
        resolver=_order_deal,
        description="As POST /deals/{id}/order: once; its `order` is what it became.",
        metadata={DOOR: ORDER_DEAL},
    )
    move_deal: DealResult | None = strawberry.mutation(
        resolver=_move_deal, description="As PATCH /deals/{id}/stage.", metadata={DOOR: MOVE_DEAL}
    )
    add_task: TaskResult | None = strawberry.mutation(
        resolver=_add_task, description="As POST /tasks.", metadata={DOOR: ADD_TASK}
    )
    update_task: TaskResult | None = strawberry.mutation(
        resolver=_update_task, description="As PATCH /tasks/{id}.", metadata={DOOR: UPDATE_TASK}
    )
    complete_task: TaskResult | None = strawberry.mutation(
        resolver=_complete_task, description="As POST /tasks/{id}/complete.", metadata={DOOR: COMPLETE_TASK}
    )
