"""Notes, tasks and deals."""

from typing import Any

from pydantic import Field

from mcp_server.rest import RestCaller
from mcp_server.tool import Arguments, Key, RecordId, Tool, picked


class AddNote(Arguments):
    customer: RecordId
    text: str = Field(min_length=1, max_length=10_000)
    idempotency_key: Key


class AddTask(Arguments):
    title: str = Field(min_length=1, max_length=200)
    customer: RecordId | None = None
    deal: RecordId | None = None
    due_at: str | None = Field(None, max_length=40, description="RFC 3339, with its offset.")
    idempotency_key: Key


class MoveDeal(Arguments):
    deal: RecordId
    stage: RecordId


def _add_note(rest: RestCaller, arguments: AddNote) -> dict[str, Any]:
    body = {"kind": "note", "customer": arguments.customer, "text": arguments.text}
    return {"note": picked(rest.post("/activities", body, key=arguments.idempotency_key), "id", "happened_at")}


def _add_task(rest: RestCaller, arguments: AddTask) -> dict[str, Any]:
    made = rest.post("/tasks", arguments.model_dump(exclude={"idempotency_key"}), key=arguments.idempotency_key)
    return {"task": picked(made, "id", "title", "customer", "deal", "assignee", "due_at")}


def _move_deal(rest: RestCaller, arguments: MoveDeal) -> dict[str, Any]:
    moved = rest.patch(f"/deals/{arguments.deal}/stage", {"stage": arguments.stage})
    return {"deal": picked(moved, "id", "title", "stage", "status", "value", "currency")}


TOOLS = (
    Tool("add_note", "Add a note", "Write a note into a customer's timeline.", AddNote, _add_note, is_read_only=False),
    Tool(
        "add_task",
        "Add a task",
        "Make a task, for a customer or a deal or alone.",
        AddTask,
        _add_task,
        is_read_only=False,
    ),
    Tool(
        "move_deal", "Move a deal", "Put a deal into a stage of its pipeline.", MoveDeal, _move_deal, is_read_only=False
    ),
)
