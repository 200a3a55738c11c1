"""Every metric that Kontor shows, with its labels: the one list that the code, the alert rules, the dashboard and
docs/metrics.md go by.

A counter and a histogram are counted where things happen, in each process; a state is read from the database when
somebody looks (config/metrics/states.py). Labels have few values each: a series costs time at every look.
"""

from dataclasses import dataclass
from typing import Final, Literal

from shared.metrics.works import REASONS, WORKS

Kind = Literal["counter", "histogram", "state"]

# Seconds. Placing takes milliseconds; 0.5 is what an alert is about.
_QUICK: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
# From a minute to a month: how old orders are when something happens to them.
_AGES: Final = (60.0, 300.0, 900.0, 3600.0, 14400.0, 86400.0, 259200.0, 604800.0, 2592000.0)
_SIZES: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)

# Of what came in: told by no provider.
BY_HAND: Final = "by_hand"
# As config.processes.queues has them.
QUEUES: Final = ("orders", "mail", "reports")
# Of requests, as shared.http.areas tells them apart.
AREAS: Final = ("placing", "api_read", "api_write", "graphql", "mcp", "admin", "static", "health", "other")
JOB_STATUSES: Final = ("todo", "doing", "failed")


@dataclass(frozen=True, slots=True)
class Metric:
    """`buckets`: upper bounds of a histogram's, in seconds or units. `values`: those of each label, where they are
    known before anything happened: their series begin at 0."""

    name: str
    kind: Kind
    text: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()
    values: tuple[tuple[str, ...], ...] = ()


ORDERS: Final = Metric(
    "kontor_orders_total",
    "counter",
    "Orders asked for, by what became of them: placed, replayed, refused_stock, refused_other.",
    ("result",),
    values=(("placed", "replayed", "refused_stock", "refused_other"),),
)
PLACE_SECONDS: Final = Metric(
    "kontor_place_seconds", "histogram", "How long placing an order took, all its tries included.", (), _QUICK
)
PLACE_BATCH: Final = Metric(
    "kontor_place_batch_size", "histogram", "How many orders were written in one transaction.", (), _SIZES
)
PAYMENT_SECONDS: Final = Metric(
    "kontor_payment_seconds",
    "histogram",
    "How long it took to record money that came in: by hand, or told by a provider.",
    ("provider",),
    _QUICK,
    ((BY_HAND,),),
)
ORDER_AGE: Final = Metric(
    "kontor_order_age_seconds",
    "histogram",
    "How old orders were when they reached a status.",
    ("status",),
    _AGES,
)
EXPIRED: Final = Metric("kontor_orders_expired_total", "counter", "Orders cancelled as they were not paid in time.")
CONFLICTS: Final = Metric(
    "kontor_transaction_conflicts_total",
    "counter",
    "Transactions run again: after a conflict, a deadlock, a lock or a connection that was lost.",
    ("work", "sqlstate"),
    values=(WORKS, REASONS),
)
REQUESTS: Final = Metric(
    "kontor_http_requests_total",
    "counter",
    "Requests answered, by area and class of status.",
    ("area", "class"),
    values=(AREAS, ("2xx", "3xx", "4xx", "5xx")),
)
REQUEST_SECONDS: Final = Metric(
    "kontor_http_seconds",
    "histogram",
    "How long requests took, without sending the answer.",
    ("area",),
    _QUICK,
    (AREAS,),
)
REPLICA_READS: Final = Metric(
    "kontor_replica_reads_total",
    "counter",
    "Requests that may be read from a replica, by what became of them: replica, late, away, written, failed, stale.",
    ("way",),
    values=(("replica", "late", "away", "written", "failed", "stale"),),
)
CACHE_HITS: Final = Metric(
    "kontor_cache_hits_total", "counter", "Reads answered with 304: the caller's own copy was still right."
)
CACHE_MISSES: Final = Metric(
    "kontor_cache_misses_total", "counter", "Reads whose caller had a copy that was no longer right."
)

UNPAID_OVERDUE: Final = Metric(
    "kontor_unpaid_overdue_seconds", "state", "By how long the oldest unpaid order is past its deadline; 0: none is."
)
RESERVATIONS: Final = Metric(
    "kontor_reservations",
    "state",
    "Reservations of stock by status. Active ones are counted; of a big table the others are PostgreSQL's estimate.",
    ("status",),
)
REFUND_DUE: Final = Metric(
    "kontor_refunds_open", "state", "Refunds that are promised and not yet paid out (at most 1,000 are counted)."
)
REFUND_DUE_SECONDS: Final = Metric(
    "kontor_refunds_open_oldest_seconds", "state", "Age of the oldest refund that is not paid out; 0: there is none."
)
JOBS: Final = Metric(
    "kontor_jobs", "state", "Jobs that wait (todo), run (doing) or failed in the last day.", ("queue", "status")
)
JOB_OLDEST: Final = Metric(
    "kontor_job_oldest_seconds", "state", "How long the job that is due for longest has waited.", ("queue",)
)
WORKER_HEARTBEAT: Final = Metric(
    "kontor_worker_heartbeat_seconds", "state", "How long ago the liveliest worker gave a sign of life."
)
EVENT_LAG: Final = Metric(
    "kontor_event_lag_seconds", "state", "Age of the oldest change that is not yet in the feed of events; 0: none."
)
WEBHOOKS_PENDING: Final = Metric(
    "kontor_webhooks_pending", "state", "Deliveries of webhooks still to be made (at most 10,000 are counted)."
)
AUDIT_DISCREPANCIES: Final = Metric(
    "kontor_audit_discrepancies", "state", "Discrepancies that the last audit found, or the last of everything if more."
)
AUDIT_AGE: Final = Metric("kontor_audit_age_seconds", "state", "How long ago the last audit ended.")
BACKUP_AGE: Final = Metric("kontor_backup_age_seconds", "state", "How long ago the last backup that succeeded ended.")
DATABASE_SESSIONS: Final = Metric(
    "kontor_database_sessions", "state", "Connections to this database, by what they do.", ("state",)
)
LONGEST_TRANSACTION: Final = Metric(
    "kontor_longest_transaction_seconds", "state", "Age of the oldest transaction that is open in this database."
)
DATABASE_BYTES: Final = Metric("kontor_database_size_bytes", "state", "Size of this database on disk.")
SCRAPE_ERRORS: Final = Metric(
    "kontor_states_unread", "state", "States that could not be read at this look: the database is away or too busy."
)

ALL: Final[tuple[Metric, ...]] = tuple(each for each in list(globals().values()) if isinstance(each, Metric))
