"""What is read from the database when somebody looks at the metrics: bounded reads, each by an index, each by itself,
so that one that fails leaves the others."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final

import structlog
from django.db import DatabaseError, InterfaceError, connection

from events.feed.lag import event_lag_seconds
from orders.states import OPEN_REFUNDS, ReservationStatus
from shared.database import time_limit as database_time
from shared.metrics import names
from shared.metrics.names import Metric
from shared.models.operation_run import OperationKind

log = structlog.get_logger("kontor.metrics")

# Of all of them together: who looks gives up after ten seconds, and a busy database has better things to do.
SECONDS: Final = 3.0
# Somebody may look with several eyes; the database is asked once.
KEPT_SECONDS: Final = 5.0
_EXACT_UP_TO: Final = 100_000.0

Sample = tuple[tuple[str, ...], float]

_OVERDUE = """
SELECT coalesce(extract(epoch FROM greatest(now() - min(payment_expires_at), interval '0')), 0)
FROM orders_order WHERE status = 'PENDING' AND payment_expires_at IS NOT NULL
"""
_ACTIVE = "SELECT count(*) FROM orders_reservation WHERE status = 'active'"
# What ended is kept for good: beyond a size its share is taken from the statistics that ANALYZE keeps.
_TABLE = "SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'orders_reservation'::regclass"
_ENDED = "SELECT status, count(*) FROM orders_reservation WHERE status <> 'active' GROUP BY status"
_ENDED_ESTIMATED = """
SELECT value, share * (SELECT reltuples FROM pg_class WHERE oid = 'orders_reservation'::regclass)
FROM pg_stats, unnest(most_common_vals::text::text[], most_common_freqs) AS common (value, share)
WHERE schemaname = current_schema AND tablename = 'orders_reservation' AND attname = 'status'
"""
# The index knows the open ones by these very words: of a parameter no plan for all values could tell.
_OPEN_REFUNDS = ", ".join(f"'{status.value}'" for status in OPEN_REFUNDS)
_REFUNDS = f"""
SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)
FROM (SELECT created_at FROM orders_refund WHERE status IN ({_OPEN_REFUNDS}) ORDER BY id LIMIT 1000) AS refund
"""  # noqa: S608
_JOBS = """
SELECT queue_name, status::text, count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') GROUP BY 1, 2
UNION ALL
SELECT queue_name, 'failed', count(*) FROM procrastinate_jobs AS job
WHERE status = 'failed' AND EXISTS (
    SELECT FROM procrastinate_events WHERE job_id = job.id AND type = 'failed' AND at > now() - interval '1 day'
) GROUP BY 1
"""
_OLDEST_JOB = """
SELECT queue_name, extract(epoch FROM now() - min(coalesce(scheduled_at, (
    SELECT min(at) FROM procrastinate_events WHERE job_id = job.id AND type IN ('deferred', 'deferred_for_retry')
))))
FROM procrastinate_jobs AS job WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now() GROUP BY 1
"""
_HEARTBEAT = "SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers"
_WEBHOOKS = "SELECT count(*) FROM (SELECT FROM webhooks_delivery WHERE state = 'pending' LIMIT 10000) AS pending"
_LAST_BACKUP = """
SELECT extract(epoch FROM clock_timestamp() - ended_at)
FROM shared_operation_run WHERE kind = %(kind)s AND has_succeeded ORDER BY id DESC LIMIT 1
"""
# An audit of some orders alone does not take back what one of everything found.
_LAST_AUDIT = """
SELECT extract(epoch FROM clock_timestamp() - ended_at), (
    SELECT max(coalesce((data->>'discrepancies')::numeric, 0)) FROM (
        (SELECT data FROM shared_operation_run WHERE kind = %(kind)s ORDER BY id DESC LIMIT 1)
        UNION ALL
        (SELECT data FROM shared_operation_run WHERE kind = %(kind)s AND NOT data ? 'changed_since'
         ORDER BY id DESC LIMIT 1)
    ) AS last
) FROM shared_operation_run WHERE kind = %(kind)s ORDER BY id DESC LIMIT 1
"""
_SESSIONS = """
SELECT coalesce(state, 'unknown'), count(*), max(extract(epoch FROM clock_timestamp() - xact_start))
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
GROUP BY 1
"""
_BYTES = "SELECT pg_database_size(current_database())"


@dataclass(frozen=True, slots=True)
class State:
    """One read, and the metrics that it tells of."""

    metrics: tuple[Metric, ...]
    read: Callable[[], Iterable[tuple[Metric, Sample]]]


@dataclass(frozen=True, slots=True)
class Look:
    """What was read, by a metric's name: label values and value. A metric of which nothing is known has no samples; one
    whose read failed is among `unread`, and nothing follows from it."""

    samples: dict[str, list[Sample]]
    unread: frozenset[Metric] = frozenset()


@dataclass(slots=True)
class States:
    """`read()` gives the samples of all metrics; kept for a few seconds, one thread reads at a time.
    `keeps_connection`: the thread goes on with other work at the database. `only`: these states, and no others."""

    keeps_connection: bool = False
    only: tuple[State, ...] = field(default_factory=lambda: STATES)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _last: Look = field(default_factory=lambda: Look({}))
    _read_at: float = -1e9

    def read(self) -> dict[str, list[Sample]]:
        return self.look().samples

    def look(self) -> Look:
        with self._lock:
            if time.monotonic() - self._read_at > KEPT_SECONDS:
                self._last = _read_all(self.only)
                if not self.keeps_connection:
                    # The next look may be minutes away, and the server's connections are counted.
                    connection.close()
                self._read_at = time.monotonic()
            return self._last


def _read_all(states: Iterable[State]) -> Look:
    samples: dict[str, list[Sample]] = {}
    unread: set[Metric] = set()
    with database_time.at_most(SECONDS):
        for state in states:
            try:
                for metric, sample in state.read():
                    samples.setdefault(metric.name, []).append(sample)
            except (DatabaseError, InterfaceError, OSError) as error:
                unread.update(state.metrics)
                log.warning("state_unread", metrics=[metric.name for metric in state.metrics], error=str(error))
    samples[names.SCRAPE_ERRORS.name] = [((), float(len(unread)))]
    return Look(samples, frozenset(unread))


def _rows(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _one(metric: Metric, sql: str) -> State:
    """A metric without labels, told by one value; none is no sample."""

    def read() -> Iterator[tuple[Metric, Sample]]:
        ((value,),) = _rows(sql)
        if value is not None:
            yield metric, ((), float(value))

    return State((metric,), read)


def _reservations() -> Iterator[tuple[Metric, Sample]]:
    ((active,),), ((size,),) = _rows(_ACTIVE), _rows(_TABLE)
    ended = dict(_rows(_ENDED_ESTIMATED if size > _EXACT_UP_TO else _ENDED))
    for status in ReservationStatus.values:
        count = active if status == ReservationStatus.ACTIVE else ended.get(status, 0)
        yield names.RESERVATIONS, ((status,), float(count))


def _refunds() -> Iterator[tuple[Metric, Sample]]:
    ((count, oldest),) = _rows(_REFUNDS)
    yield names.REFUND_DUE, ((), float(count))
    yield names.REFUND_DUE_SECONDS, ((), float(oldest))


def _jobs() -> Iterator[tuple[Metric, Sample]]:
    found = {(queue, status): count for queue, status, count in _rows(_JOBS)}
    for labels in dict.fromkeys([*product(names.QUEUES, names.JOB_STATUSES), *found]):
        yield names.JOBS, (labels, float(found.get(labels, 0)))


def _oldest_jobs() -> Iterator[tuple[Metric, Sample]]:
    found = dict(_rows(_OLDEST_JOB))
    for queue in dict.fromkeys([*names.QUEUES, *found]):
        yield names.JOB_OLDEST, ((queue,), max(0.0, float(found.get(queue) or 0)))


def _audit() -> Iterator[tuple[Metric, Sample]]:
    for seconds, discrepancies in _rows(_LAST_AUDIT, kind=OperationKind.AUDIT):
        yield names.AUDIT_AGE, ((), float(seconds))
        yield names.AUDIT_DISCREPANCIES, ((), float(discrepancies))


def _backup() -> Iterator[tuple[Metric, Sample]]:
    for (seconds,) in _rows(_LAST_BACKUP, kind=OperationKind.BACKUP):
        yield names.BACKUP_AGE, ((), float(seconds))


def _event_lag() -> Iterator[tuple[Metric, Sample]]:
    yield names.EVENT_LAG, ((), event_lag_seconds())


def _sessions() -> Iterator[tuple[Metric, Sample]]:
    oldest = 0.0
    for state, count, seconds in _rows(_SESSIONS):
        oldest = max(oldest, float(seconds or 0))
        yield names.DATABASE_SESSIONS, ((state,), float(count))
    yield names.LONGEST_TRANSACTION, ((), oldest)


STATES: Final[tuple[State, ...]] = (
    _one(names.UNPAID_OVERDUE, _OVERDUE),
    State((names.RESERVATIONS,), _reservations),
    State((names.REFUND_DUE, names.REFUND_DUE_SECONDS), _refunds),
    State((names.JOBS,), _jobs),
    State((names.JOB_OLDEST,), _oldest_jobs),
    _one(names.WORKER_HEARTBEAT, _HEARTBEAT),
    State((names.EVENT_LAG,), _event_lag),
    _one(names.WEBHOOKS_PENDING, _WEBHOOKS),
    State((names.AUDIT_AGE, names.AUDIT_DISCREPANCIES), _audit),
    State((names.BACKUP_AGE,), _backup),
    State((names.DATABASE_SESSIONS, names.LONGEST_TRANSACTION), _sessions),
    _one(names.DATABASE_BYTES, _BYTES),
)
