"""What PostgreSQL's errors mean for whoever may run a transaction again."""

import re

from django.db import DatabaseError, InterfaceError, OperationalError

from shared.database.backend.bounded import NotReplicated

# https://www.postgresql.org/docs/current/errcodes-appendix.html
SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"
LOCK_NOT_AVAILABLE = "55P03"
QUERY_CANCELED = "57014"
RUN_AGAIN_AFTER = frozenset({SERIALIZATION_FAILURE, DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE})
_SERVER_GONE = frozenset({"57P01", "57P02", "57P03", "57P05", "53300"})
# The server ended the session because the client was silent, or the transaction took too long for its settings.
_SESSION_ENDED = frozenset({"25P03", "25P04"})
READ_ONLY = "25006"
LOST = "lost"


class ConcurrentUpdate(DatabaseError):
    """A constraint caught a write that had not seen another one: run the transaction again."""


class DuplicateInFlight(DatabaseError):
    """Another transaction is doing the very same work: wait for its end, however many tries that takes."""


def sqlstate(error: BaseException) -> str | None:
    """PostgreSQL's error code behind a Django database error; None when the server sent none."""
    return getattr(error.__cause__, "sqlstate", None)


def constraint_name(error: BaseException) -> str | None:
    """The constraint that PostgreSQL named in a Django IntegrityError. Of a table in partitions (orders/partitioning)
    it names the index of the one that the row is in: that is called as the whole's."""
    name: str | None = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return name and _OF_PARTITION.sub("", name)


_OF_PARTITION = re.compile(r"_(?:past|rest|p\d{4}_\d\d)(?=_pkey$)")


def connection_was_lost(error: BaseException) -> bool:
    """Whether the fate of the transaction is unknown: the link to the server broke."""
    state = sqlstate(error)
    if state in _SESSION_ENDED:
        return True
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    return state is None or state.startswith("08") or state in _SERVER_GONE


def reason_of(error: BaseException) -> str:
    """Of a conflict, for counting: PostgreSQL's code, or LOST."""
    return LOST if connection_was_lost(error) else (sqlstate(error) or LOST)


def is_on_one_server_alone(error: BaseException) -> bool:
    """Whether the transaction is committed where no standby has it: then whoever finds it must not say so yet."""
    return isinstance(error.__cause__, NotReplicated)


def is_retryable(error: BaseException) -> bool:
    """Whether running the whole transaction again can help."""
    state = sqlstate(error)
    return (
        isinstance(error, ConcurrentUpdate | DuplicateInFlight)
        or state in RUN_AGAIN_AFTER
        or state == READ_ONLY  # of a session that began before the server took writes: another one may do
        or connection_was_lost(error)
    )
