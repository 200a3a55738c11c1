"""All rows of a list, page after page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

Row_co = TypeVar("Row_co", covariant=True)


class Page(Protocol[Row_co]):
    @property
    def results(self) -> Sequence[Row_co]: ...


def _cursor(page: Any) -> str | None:
    cursor: str | None = page.next_cursor
    return cursor


def pages(read: Callable[..., Page[Row_co]], **query: Any) -> Iterator[Row_co]:
    """`pages(kontor.list_orders, status=OrderStatus.PENDING)`: each row once, also of those that come meanwhile."""
    page = read(**query)
    while True:
        yield from page.results
        cursor = _cursor(page)
        if cursor is None:
            return
        page = read(**query, cursor=cursor)


async def pages_async(read: Callable[..., Awaitable[Page[Row_co]]], **query: Any) -> AsyncIterator[Row_co]:
    """As `pages`, of an AsyncKontor."""
    page = await read(**query)
    while True:
        for row in page.results:
            yield row
        cursor = _cursor(page)
        if cursor is None:
            return
        page = await read(**query, cursor=cursor)
