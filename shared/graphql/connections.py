"""Relay-style connections: `edges`, or `nodes` for whoever needs no cursor of each, and `pageInfo`. No totals: counting
what nobody looks at would read the whole table."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

import strawberry
from rest_framework.pagination import Cursor

from shared.errors import InvalidInput

T = TypeVar("T")
DEFAULT_FIRST = 20
# As many as REST's `limit` takes: the route behind a connection reads its pages.
MAX_FIRST = 100


@strawberry.type(description="Where a page ends, and whether more follows.")
class PageInfo:
    end_cursor: str | None
    has_next_page: bool


@strawberry.type
class Edge(Generic[T]):
    cursor: str
    node: T


@strawberry.type
class Connection(Generic[T]):
    edges: list[Edge[T]]
    nodes: list[T]
    page_info: PageInfo


def edge(cursor: str, node: Any) -> Any:
    kind: Any = Edge
    return kind(cursor=cursor, node=node)


def page_info(end: str | None, *, has_next: bool) -> Any:
    kind: Any = PageInfo
    return kind(end_cursor=end, has_next_page=has_next)


class Page:
    """A page of a connection; cursors are made when they are asked for."""

    __slots__ = ("_cursor_at", "_has_next", "nodes")

    def __init__(self, nodes: Sequence[Any], *, has_next: bool, cursor_at: Callable[[int], str]) -> None:
        self.nodes = nodes
        self._has_next = has_next
        self._cursor_at = cursor_at

    @property
    def edges(self) -> list[Any]:
        return [edge(self._cursor_at(index), node) for index, node in enumerate(self.nodes)]

    @property
    def page_info(self) -> Any:
        end = self._cursor_at(len(self.nodes) - 1) if self.nodes else None
        return page_info(end, has_next=self._has_next)


def rest_cursor(paginator: Any, index: int) -> str:
    """REST's cursor behind the row at `index` of the page: what `next` would say if the page ended there."""
    # As CursorPagination's own links: a position that tells rows apart, and how many at it are to be skipped.
    positions = [paginator._get_position_from_instance(row, paginator.ordering) for row in paginator.page]
    following = positions[index + 1] if index + 1 < len(positions) else _next_position(paginator)
    offset = 0
    for place in range(index, -1, -1):
        if positions[place] != following:
            return _encode_cursor(offset, positions[place])
        offset += 1
    begun: Cursor | None = paginator.cursor  # all so far is at one position: count on from where the page began
    return _encode_cursor(offset + (begun.offset if begun else 0), begun.position if begun else None)


def _next_position(paginator: Any) -> Any:
    return paginator.next_position if paginator.has_next else None


def _encode_cursor(offset: int, position: Any) -> str:
    tokens = ({"o": str(offset)} if offset else {}) | ({} if position is None else {"p": position})
    return urlsafe_b64encode(urlencode(tokens).encode()).decode("ascii")


def keyset_cursor(record: Any, order: Sequence[str]) -> str:
    """The values that put the record where it is."""
    return cursor_of_values([getattr(record, name.removeprefix("-")) for name in order])


def cursor_of_values(values: Sequence[Any]) -> str:
    """The same for who has read these alone."""
    values = [str(each) for each in values]
    return urlsafe_b64encode(json.dumps(values).encode()).decode("ascii")


def read_keyset(cursor: str | None, model: type[Any], order: Sequence[str]) -> list[Any] | None:
    """The values of a cursor. Raises InvalidInput for one that nobody was given."""
    if cursor is None:
        return None
    try:
        values = json.loads(urlsafe_b64decode(cursor.encode("ascii")))
        if (
            not isinstance(values, list)
            or len(values) != len(order)
            or not all(isinstance(each, str) for each in values)
        ):
            raise ValueError
        fields = [model._meta.get_field(name.removeprefix("-")) for name in order]
        return [field.to_python(value) for field, value in zip(fields, values, strict=True)]
    # Whatever a cursor that was made up stumbles over, in base64, JSON or a field: one answer.
    except Exception:
        raise InvalidInput(("/after", "invalid", "The cursor is not one of ours.")) from None
