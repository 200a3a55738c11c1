"""Deals and tasks made and moved by GraphQL."""

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from crm.graphql.sales import DealNode, TaskNode
from shared.graphql.doors import Door
from shared.graphql.fields import DOOR
from shared.graphql.mutations import InvalidInput, Key, RequestRefused, made, perform
from shared.graphql.scalars import Date, DateTime, JSONValue, Money

OPEN_DEAL = Door("deal-list", "POST")
MOVE_DEAL = Door("deal-stage", "PATCH", has_row=True)
ADD_TASK = Door("task-list", "POST")
COMPLETE_TASK = Door("task-complete", "POST", has_row=True)


@strawberry.input(description="As the body of POST /deals.")
class DealInput:
    title: str
    customer: strawberry.ID
    value: Money | None = strawberry.UNSET
    currency: str | None = strawberry.UNSET
    probability: int | None = strawberry.UNSET
    expected_close: Date | None = strawberry.UNSET
    owner: strawberry.ID | None = strawberry.UNSET
    custom_fields: JSONValue | None = strawberry.UNSET
    pipeline: strawberry.ID | None = strawberry.UNSET
    stage: strawberry.ID | None = strawberry.UNSET


@strawberry.input(description="As the body of POST /tasks.")
class TaskInput:
    title: str
    customer: strawberry.ID | None = strawberry.UNSET
    deal: strawberry.ID | None = strawberry.UNSET
    lead: strawberry.ID | None = strawberry.UNSET
    assignee: strawberry.ID | None = strawberry.UNSET
    priority: int | None = strawberry.UNSET
    due_at: DateTime | None = strawberry.UNSET
    reminder_at: DateTime | None = strawberry.UNSET
    repeat: str | None = strawberry.UNSET


@strawberry.type(description="The deal as it now is.")
class DealSaved:
    deal: DealNode
    replayed: bool = strawberry.field(description="The key had done it before.")


@strawberry.type(description="The task as it now is.")
class TaskSaved:
    task: TaskNode
    replayed: bool = strawberry.field(description="The key had done it before.")


DealResult = Annotated[DealSaved | InvalidInput | RequestRefused, strawberry.union("DealResult")]
TaskResult = Annotated[TaskSaved | InvalidInput | RequestRefused, strawberry.union("TaskResult")]


def _create_deal(info: Info, input: DealInput, idempotency_key: Key = None) -> Any:
    row, replayed, refusal = perform(info, OPEN_DEAL, input, key=idempotency_key)
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


def _complete_task(info: Info, id: strawberry.ID, idempotency_key: Key = None) -> Any:
    row, replayed, refusal = perform(info, COMPLETE_TASK, pk=id, key=idempotency_key)
    return refusal or made(TaskSaved, task=row, replayed=replayed)


@strawberry.type
class SalesMutation:
    create_deal: DealResult | None = strawberry.mutation(
        resolver=_create_deal, description="As POST /deals.", metadata={DOOR: OPEN_DEAL}
    )
    move_deal: DealResult | None = strawberry.mutation(
        resolver=_move_deal, description="As PATCH /deals/{id}/stage.", metadata={DOOR: MOVE_DEAL}
    )
    add_task: TaskResult | None = strawberry.mutation(
        resolver=_add_task, description="As POST /tasks.", metadata={DOOR: ADD_TASK}
    )
    complete_task: TaskResult | None = strawberry.mutation(
        resolver=_complete_task, description="As POST /tasks/{id}/complete.", metadata={DOOR: COMPLETE_TASK}
    )
