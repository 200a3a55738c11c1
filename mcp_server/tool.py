"""What a tool is: a name, its arguments, what it says of itself, and what it does."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from mcp_server.rest import RestCaller
from shared.api.bodies import StrictBody

MOST_ROWS = 25

RecordId = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"),
]
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

Key = Annotated[
    str,
    StringConstraints(pattern=r"^[\x21-\x7e]{1,255}$"),
    Field(description="Made once for this intent and sent again with every retry: it is then done once."),
]
Limit = Annotated[int, Field(ge=1, le=MOST_ROWS, description="Rows, newest first.")]


class Arguments(StrictBody):
    """A tool's, by name."""


@dataclass(frozen=True, slots=True)
class Tool:
    """`call` takes whoever calls and the checked arguments, answers an object; raises ToolRefused. The hints are the
    protocol's: read-only, or adding only, or taking something away."""

    name: str
    title: str
    description: str
    arguments: type[Arguments]
    call: Callable[[RestCaller, Any], dict[str, Any]]
    is_read_only: bool = True
    is_destructive: bool = False

    def declared(self) -> dict[str, Any]:
        """As `tools/list` shows it."""
        schema = self.arguments.model_json_schema()
        schema.pop("title", None)
        schema.pop("description", None)
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "inputSchema": schema,
            "annotations": {
                "title": self.title,
                "readOnlyHint": self.is_read_only,
                "destructiveHint": self.is_destructive,
                "idempotentHint": True,
                "openWorldHint": False,
            },
        }


def is_id(text: str) -> bool:
    """Whether it is a record's id, and not its number or SKU."""
    return _UUID.fullmatch(text) is not None


def picked(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """These members alone, those that are there."""
    return {name: row[name] for name in names if name in row}


def rows_of(page: Mapping[str, Any], *names: str) -> list[dict[str, Any]]:
    """The rows of a list's answer, these members alone."""
    return [picked(row, *names) for row in page["results"][:MOST_ROWS]]
