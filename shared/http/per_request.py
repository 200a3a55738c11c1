"""What one request or job reads once, however many of its parts ask for it. Nothing outlives it; elsewhere, as in
commands, every call reads anew."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

Value = TypeVar("Value")

_kept: ContextVar[dict[str, Any] | None] = ContextVar("kontor_kept_for_the_request", default=None)


def begin_keeping() -> Any:
    """From now on, until `end_keeping`, this thread is about one request."""
    return _kept.set({})


def end_keeping(token: Any) -> None:
    _kept.reset(token)


@contextmanager
def keeping() -> Iterator[None]:
    """The block is about one thing, such as a job."""
    token = begin_keeping()
    try:
        yield
    finally:
        end_keeping(token)


def once_a_request(name: str, read: Callable[[], Value]) -> Value:
    """What `read` answers; within a request, what it answered first. Errors are not kept."""
    kept = _kept.get()
    if kept is None:
        return read()
    if name not in kept:
        kept[name] = read()
    return cast("Value", kept[name])


def read_anew(name: str) -> None:
    """The next call of this request reads: what it is about has changed."""
    kept = _kept.get()
    if kept is not None:
        kept.pop(name, None)
