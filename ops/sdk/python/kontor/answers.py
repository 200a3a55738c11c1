"""An operation's answer without its envelope."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, TypeVar

from kontor.api_client.types import Response

T = TypeVar("T")


def found(response: Response[T]) -> T:
    """Refusals were raised below; what is left has a body, or is a 204 whose answer is None."""
    parsed: Any = response.parsed
    return parsed  # type: ignore[no-any-return]


async def found_async(response: Awaitable[Response[T]]) -> T:
    return found(await response)
