"""Statements that write tracked tables end with a comment that says who sends them; the trigger reads it.

Nothing is kept on the connection: no statement more, and nobody's name on the next one's changes.
"""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from psycopg.sql import Composable

_UNSAFE = re.compile(r"[^A-Za-z0-9._: -]")
_WRITES = r'\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO|COPY)\s+(?:ONLY\s+)?(?:"?public"?\.)?"?({})"?(?![\w"])'
_REMEMBERED_LENGTH = 20_000

# What answers "who?" while something is done. Read only when a tracked table is written.
Signature = Callable[[], tuple[UUID | None, str]]
_signature: ContextVar[Signature | None] = ContextVar("kontor_signature", default=None)
_written: re.Pattern[str] | None = None


def sign_writes_of(tables: list[str]) -> None:
    """From now on statements that write one of these tables are signed."""
    global _written  # noqa: PLW0603 - set once a process, when the apps are ready
    _written = re.compile(_WRITES.format("|".join(sorted(tables))), re.IGNORECASE) if tables else None
    _is_signed.cache_clear()


@contextmanager
def acting(actor_id: UUID | None, source: str) -> Iterator[None]:
    """What the block changes was done by this user (None: by Kontor itself), as part of `source`."""
    token = _signature.set(lambda: (actor_id, source))
    try:
        yield
    finally:
        _signature.reset(token)


def begin_request(request: HttpRequest, request_id: str) -> Any:
    """What this thread changes until `end_request` was asked for by the request's user, once known."""
    return _signature.set(lambda: (_user_id_of(request), f"request {request_id}"))


def end_request(token: Any) -> None:
    _signature.reset(token)


def _user_id_of(request: HttpRequest) -> UUID | None:
    """The user that authentication has found so far; never looks one up."""
    user: Any = request.__dict__.get("user")
    if isinstance(user, SimpleLazyObject):
        user = request.__dict__.get("_cached_user")
    return getattr(user, "pk", None)


@lru_cache(maxsize=4096)
def _is_signed(sql: str) -> bool:
    return _written is not None and _written.search(sql) is not None


def _needs_signature(sql: str) -> bool:
    """Long statements differ with their number of rows: not worth remembering."""
    return _is_signed(sql) if len(sql) <= _REMEMBERED_LENGTH else _is_signed.__wrapped__(sql)


@lru_cache(maxsize=1)
def _running_command() -> str:
    """Outside of requests: the command that runs, e.g. `command worker`."""
    words = [Path(sys.argv[0]).stem, *sys.argv[1:2]] if sys.argv else ["python"]
    return " ".join(["command", *(words[1:] if words[0] == "manage" else words)])


def signed(sql: Any, cursor: Any) -> Any:
    """The statement with its signature, or as it is if it writes nothing tracked."""
    if isinstance(sql, Composable):
        sql = sql.as_string(cursor)
    if not isinstance(sql, str) or not _needs_signature(sql):
        return sql
    ask = _signature.get()
    actor_id, source = ask() if ask is not None else (None, _running_command())
    return f"{sql} /*kontor:{actor_id or ''}:{_UNSAFE.sub('_', source)[:150]}*/"


class SigningCursor(CursorWrapper):
    # Below Django's wrappers for every statement, so that what they see and log is what was asked for.
    def _execute(self, sql: Any, params: Any, *context: Any) -> Any:
        return super()._execute(signed(sql, self.cursor), params, *context)  # type: ignore[misc]

    def _executemany(self, sql: Any, param_list: Any, *context: Any) -> Any:
        return super()._executemany(signed(sql, self.cursor), param_list, *context)  # type: ignore[misc]

    def copy(self, statement: Any, *args: Any, **kwargs: Any) -> Any:
        return self.cursor.copy(signed(statement, self.cursor), *args, **kwargs)


class SigningDebugCursor(SigningCursor, CursorDebugWrapper):
    """For `connection.queries`."""
