"""Fields of the schema, each with the door it goes through in its metadata: the table of rights can be read off the
schema, and is (tests/graphql)."""

from collections.abc import Callable, Sequence
from dataclasses import fields as fields_of
from typing import TYPE_CHECKING, Any

import strawberry
from strawberry.types import Info, get_object_definition

from shared.graphql.connections import DEFAULT_FIRST, Page
from shared.graphql.doors import Door
from shared.graphql.embedding import rows_within
from shared.graphql.kinds import Kind
from shared.graphql.rows import Row

DOOR = "door"
WEIGHT = "weight"  # of a row that takes the work of so many
# The row that a field is of.
if TYPE_CHECKING:
    Source = Any
else:
    Source = strawberry.Parent[Any]
After = str | None


def listed(kind: Kind, filters: type[Any], description: str) -> Any:
    """A root field: a page of the route's list, narrowed by the route's own filters."""

    def resolve(
        info: Info,
        first: int = DEFAULT_FIRST,
        after: After = None,
        filter: filters | None = None,  # type: ignore[valid-type]
    ) -> Any:
        asked: dict[str, Any] = (
            {} if filter is None else {each.name: getattr(filter, each.name) for each in fields_of(filters)}
        )
        return kind.list_rows(info.context, first=first, after=after, **given(**asked))

    return strawberry.field(resolver=resolve, description=description, metadata={DOOR: kind.many})


def given(**filters: Any) -> dict[str, Any]:
    """Those that were given. A null is a client's variable without a value, hardly meant to show everybody's rows: REST
    refuses it as it does an empty parameter."""
    return {name: "" if value is None else value for name, value in filters.items() if value is not strawberry.UNSET}


def listed_all(kind: Kind, description: str) -> Any:
    """As `listed`, of a route without filters."""

    def resolve(info: Info, first: int = DEFAULT_FIRST, after: After = None) -> Any:
        return kind.list_rows(info.context, first=first, after=after)

    return strawberry.field(resolver=resolve, description=description, metadata={DOOR: kind.many})


def by_id(kind: Kind, description: str, *, weight: int = 1) -> Any:
    """A root field: one row. Another's is null with an error `not_found`, as if there were none. `weight`: the rows
    that it counts as in the cost."""

    def resolve(info: Info, id: strawberry.ID) -> Any:
        return kind.read_one(info.context, str(id))

    metadata = {DOOR: kind.single, WEIGHT: weight}
    return strawberry.field(resolver=resolve, description=description, metadata=metadata)


def link(kind: Kind, name: str, description: str | None = None) -> Any:
    """An edge to the row that REST names by its id."""

    def resolve(root: Source, info: Info) -> Any:
        return kind.linked(info.context, root, name)

    return strawberry.field(resolver=resolve, description=description, metadata={DOOR: kind.single})


def hanging(
    kind: Kind,
    field: str,
    order: Sequence[str],
    description: str | None = None,
    parents: Callable[..., Any] | None = None,
    holder: Callable[..., Any] | None = None,
) -> Any:
    """An edge to the rows that point at this one, as Kind.hanging has it."""

    def resolve(root: Source, info: Info, first: int = DEFAULT_FIRST, after: After = None) -> Any:
        return kind.hanging(
            info.context, root, field=field, order=order, first=first, after=after, parents=parents, holder=holder
        )

    return strawberry.field(resolver=resolve, description=description, metadata={DOOR: kind.many})


def embedded(name: str, door: Door, description: str | None = None) -> Any:
    """An edge to rows that REST shows within this one."""

    def resolve(root: Source, info: Info, first: int = DEFAULT_FIRST, after: After = None) -> Any:
        # For the rights alone: the rows were read with the row that shows them.
        door.open(info.context)
        return embedded_page(root, name, first, after)

    return strawberry.field(resolver=resolve, description=description, metadata={DOOR: door})


def embedded_page(row: Row, name: str, first: int, after: str | None) -> Page:
    """A page of the rows within this one; a cursor is the id of the row before."""
    inner = rows_within(row, name)
    # After a row that is gone the end comes, not the first page again.
    start = next((place + 1 for place, each in enumerate(inner) if each["id"] == after), len(inner)) if after else 0
    nodes = inner[start : start + first]
    return Page(nodes, has_next=len(inner) > start + first, cursor_at=lambda index: str(nodes[index]["id"]))


def extend(node: type[Any]) -> Callable[[type[Any]], type[Any]]:
    """Adds the fields of the decorated class to `node`: what an app above knows of a record of one below."""

    def decorate(extra: type[Any]) -> type[Any]:
        definition = get_object_definition(node, strict=True)
        added = get_object_definition(strawberry.type(extra), strict=True).fields
        definition.fields.extend(added)
        return extra

    return decorate
