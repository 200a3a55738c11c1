"""Reading from servers that follow the primary: for a while one of them takes the place of this thread's connection.

Whole requests are moved, not statements: half of what a request reads names no model that a router could go by, and
one that read from two servers would see two moments.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import psycopg
import structlog
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler, DatabaseErrorWrapper

from shared.database import time_limit as database_time
from shared.database.conflicts import READ_ONLY

log = structlog.get_logger("kontor.replicas")

# For a replica to say how far it is: one that is frozen is not waited for.
ANSWER_SECONDS: Final = 0.25
# After which one is tried again: it did not answer, or was behind.
AWAY_PAUSE: Final = 2.0
LATE_PAUSE: Final = 0.2

# It follows, and follows this primary: one that lost it may be ahead on a line that nobody goes on with. Which line it
# follows only those may see who have pg_read_all_stats.
_HAS_REPLAYED: Final = """
SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= %s::pg_lsn AND COALESCE(followed = %s, false),
    EXISTS (SELECT FROM pg_stat_wal_receiver WHERE received_tli IS NULL)
FROM (SELECT (SELECT received_tli FROM pg_stat_wal_receiver)) AS receiver(followed)
"""
# By the last commit that it has, not by what its receiver last heard: that may come from a server that itself has lost
# the primary, and may wait to be replayed.
_IS_RECENT: Final = """
SELECT pg_is_in_recovery(), COALESCE(pg_last_xact_replay_timestamp() >= now() - make_interval(secs => %s), false)
"""
# What the same request may succeed with elsewhere: it writes, what it read was cleaned away, the server is gone.
_NOT_HERE: Final = ("08", "40", "57P", READ_ONLY, "55000", "0A000")

# How far the primary was, and on which timeline.
Mark = tuple[str, int]


class NotHere(BaseException):
    """The replica is not to be read by this request: raised at its first statement, and past whoever catches errors.
    `way`: why, as the metric says it."""

    def __init__(self, way: str) -> None:
        super().__init__(way)
        self.way = way


class _Noting(DatabaseErrorWrapper):
    """Remembers what a replica could not do, whoever catches it."""

    def __init__(self, wrapper: BaseDatabaseWrapper) -> None:
        super().__init__(wrapper)
        self.begin()

    def begin(self, *, is_stale: bool = False, has_begun: bool = False) -> None:
        self.refused: psycopg.Error | None = None
        self.has_begun = has_begun
        self.is_stale = is_stale

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if isinstance(error, psycopg.Error) and (error.sqlstate is None or error.sqlstate.startswith(_NOT_HERE)):
            self.refused = error
        super().__exit__(kind, error, trace)


class Replica:
    """One of them. Each thread has a connection of its own to it."""

    def __init__(self, handler: ConnectionHandler, alias: str) -> None:
        self._handler, self._alias = handler, alias
        self.reading = 0
        self.out_until = 0.0
        self.was_hidden = False

    @contextmanager
    def in_place_of_primary(self, *, admit: Callable[[], bool]) -> Iterator[_Noting]:
        """What this thread asks the database in the block, it asks the replica. What that refused is noted.

        `admit` is called before the first statement, while the primary is in its place: whether there is no primary to
        write to. It may raise NotHere. A request without a statement costs no server any.
        """
        wrapper = self._wrapper()
        notes: _Noting = wrapper.wrap_database_errors
        notes.begin()
        primary = connections[DEFAULT_DB_ALIAS]

        def ask_first() -> None:
            del vars(wrapper)["ensure_connection"]
            connections[DEFAULT_DB_ALIAS] = primary
            try:
                notes.begin(is_stale=admit(), has_begun=True)
            finally:
                connections[DEFAULT_DB_ALIAS] = wrapper
            wrapper.ensure_connection()

        vars(wrapper)["ensure_connection"] = ask_first
        connections[DEFAULT_DB_ALIAS] = wrapper
        try:
            yield notes
        finally:
            connections[DEFAULT_DB_ALIAS] = primary
            vars(wrapper).pop("ensure_connection", None)
            if notes.refused is not None:
                wrapper.close()

    def has_replayed(self, mark: Mark, *, within: float) -> bool | None:
        """Whether it has, or has within so many seconds, what the primary had; None: it does not answer."""
        return self._answer(lambda: self._wait_for(mark, within), ANSWER_SECONDS + within)

    def is_recent(self, seconds: float) -> bool | None:
        """Whether the last commit that it has is no older; None: it does not answer, or is no replica any more."""
        return self._answer(lambda: self._look_at_age(seconds), ANSWER_SECONDS)

    def _answer(self, ask: Callable[[], bool | None], seconds: float) -> bool | None:
        try:
            with database_time.at_most(seconds):
                self._wrapper().close_if_unusable_or_obsolete()
                return ask()
        except (DatabaseError, InterfaceError):
            self._wrapper().close()
            return None

    def _wait_for(self, mark: Mark, within: float) -> bool:
        give_up_at, pause = time.monotonic() + within, 0.001
        with self._wrapper().cursor() as cursor:
            while True:
                cursor.execute(_HAS_REPLAYED, mark)
                is_there, is_hidden = cursor.fetchone()
                if is_hidden and not self.was_hidden:
                    self.was_hidden = True
                    log.error("replica_hides_its_timeline", detail="Its role needs pg_read_all_stats: it is not read.")
                if is_there or time.monotonic() + pause > give_up_at:
                    return bool(is_there)
                time.sleep(pause)
                pause *= 2

    def _look_at_age(self, seconds: float) -> bool | None:
        with self._wrapper().cursor() as cursor:
            cursor.execute(_IS_RECENT, [seconds])
            follows, is_recent = cursor.fetchone()
        return bool(is_recent) if follows else None

    def _wrapper(self) -> Any:
        wrapper: Any = self._handler[self._alias]
        if not isinstance(vars(wrapper).get("wrap_database_errors"), _Noting):
            wrapper.alias = DEFAULT_DB_ALIAS  # what is read has come from the database, for all that is done with it
            vars(wrapper)["wrap_database_errors"] = _Noting(wrapper)
        return wrapper


@dataclass(frozen=True, slots=True)
class AskedReplica:
    """`has_replayed`: whether it has what the primary had; None: it does not answer."""

    address: str
    has_replayed: bool | None
    hides_its_timeline: bool


def ask_replicas(databases: Sequence[dict[str, Any]], mark: Mark, *, within: float) -> list[AskedReplica]:
    """Each by itself, on a connection that is closed again."""
    asked = []
    for database in databases:
        handler = ConnectionHandler({DEFAULT_DB_ALIAS: database})
        replica = Replica(handler, DEFAULT_DB_ALIAS)
        has_replayed = replica.has_replayed(mark, within=within)
        handler.close_all()
        address = f"{database['HOST'] or 'localhost'}:{database['PORT'] or 5432}"
        asked.append(AskedReplica(address, has_replayed, replica.was_hidden))
    return asked


class Replicas:
    """All of them. `take` gives the one that the fewest read from."""

    def __init__(self, databases: Sequence[dict[str, Any]]) -> None:
        named = {f"replica{number}": database for number, database in enumerate(databases)}
        handler = ConnectionHandler({DEFAULT_DB_ALIAS: databases[0], **named})
        self._all = [Replica(handler, alias) for alias in named]
        self._lock = threading.Lock()

    @contextmanager
    def take(self) -> Iterator[Replica | None]:
        """None: all are out."""
        now = time.monotonic()
        with self._lock:
            replica = min((one for one in self._all if one.out_until <= now), key=lambda one: one.reading, default=None)
            if replica is not None:
                replica.reading += 1
        try:
            yield replica
        finally:
            if replica is not None:
                with self._lock:
                    replica.reading -= 1


def _notes() -> _Noting | None:
    found = vars(connections[DEFAULT_DB_ALIAS]).get("wrap_database_errors")
    return found if isinstance(found, _Noting) else None


def reads_from_replica() -> bool:
    """Whether this thread does at the moment."""
    return _notes() is not None


def can_only_read() -> bool:
    """Whether this thread reads from a replica because there is no primary: what might be noted by the way is not."""
    notes = _notes()
    return notes is not None and notes.is_stale
