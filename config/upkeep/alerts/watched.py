"""What is looked at once a minute: the states that a rule is about, and what Prometheus learns otherwise or not at
all."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from django.conf import settings

from config.metrics.states import STATES, Sample, State
from config.upkeep.alerts.time_limited import TimeLimited
from config.upkeep.rows import rows_of
from embedded_postgres.backup.streamed import read_status
from embedded_postgres.copying.note import read_pass
from inventory.models.movement import EFFECTS
from orders.models.order_event import EventKind
from shared.clock import database_now
from shared.ids import first_id_of
from shared.metrics import names
from shared.metrics.names import Metric
from shared.metrics.rules import ALL_RULES, BACKUP_COPY, LOG_STREAM, LOW_STOCK

# Of the ledger's latest rows: in a shop that moves more within an hour, what ran low before is not seen again.
_MOVEMENTS: Final = 4_000
_MOST_LEVELS: Final = 1_000
_MOST_EVENTS: Final = 1_000
_HOUR: Final = timedelta(hours=1)
# Ids have the time of a process's clock, rows that of the database's.
_CLOCKS_DIFFER: Final = timedelta(minutes=5)
_BACKUPS: Final = TimeLimited(seconds=2)

# By the ids months are left out; and the moment is a value, as no index serves a comparison with a volatile function.
_EXPIRED = """
SELECT count(*) FROM (
    SELECT FROM orders_order_event
    WHERE kind = %(kind)s AND created_at > %(since)s AND id >= %(first_id)s LIMIT %(most)s
) AS expired
"""
_AVAILABLE_MOVED = " ".join(f"WHEN '{kind}' THEN {here - held} * quantity" for kind, (here, held) in EFFECTS.items())
# A level gets low by a movement: there was more than the threshold before it, and not after it, nor now.
_RUN_LOW = f"""
SELECT level_id, sku, place, available FROM (
    SELECT DISTINCT ON (level.id) level.id AS level_id, movement.id AS movement_id, variant.sku, place.name AS place,
           level.on_hand - level.reserved AS available
    FROM (
        SELECT id, level_id, on_hand_after - reserved_after AS after, CASE kind {_AVAILABLE_MOVED} END AS moved,
               created_at
        FROM inventory_stock_movement ORDER BY id DESC LIMIT %(movements)s
    ) AS movement
    JOIN inventory_stock_level AS level ON level.id = movement.level_id
    JOIN catalog_variant AS variant ON variant.id = level.variant_id
    JOIN inventory_stock_location AS place ON place.id = level.location_id,
    coalesce(level.low_stock_threshold, %(threshold)s) AS threshold
    WHERE movement.created_at > statement_timestamp() - interval '1 hour'
        AND level.on_hand - level.reserved <= threshold
        AND movement.after <= threshold AND movement.after - movement.moved > threshold
    ORDER BY level.id, movement.id DESC
) AS low ORDER BY movement_id DESC LIMIT %(most)s
"""  # noqa: S608


def _expired() -> Iterator[tuple[Metric, Sample]]:
    since = database_now() - _HOUR
    found = {"since": since, "first_id": first_id_of(since - _CLOCKS_DIFFER), "most": _MOST_EVENTS}
    ((count,),) = rows_of(_EXPIRED, kind=EventKind.EXPIRED.value, **found)
    yield names.EXPIRED, ((), float(count))


def _run_low() -> Iterator[tuple[Metric, Sample]]:
    """The newest first, by level."""
    found = {"threshold": settings.LOW_STOCK_THRESHOLD, "movements": _MOVEMENTS, "most": _MOST_LEVELS}
    for level_id, sku, place, available in rows_of(_RUN_LOW, **found):
        yield LOW_STOCK.metric, ((str(level_id), f"{sku}, {place}: {available}"), 1.0)


def _log_stream() -> Iterator[tuple[Metric, Sample]]:
    """From a file of this machine, where the embedded database's backups are. None: nothing was ever streamed. Raises
    OSError, after two seconds at the latest."""
    if not settings.BACKUP_DIR:
        yield LOG_STREAM.metric, ((), 0.0)
    elif mark := _BACKUPS.read(partial(read_status, Path(settings.BACKUP_DIR) / "wal")):
        yield LOG_STREAM.metric, ((), max(0.0, (datetime.now(UTC) - mark.at).total_seconds()))


def _backup_copy() -> Iterator[tuple[Metric, Sample]]:
    """From a note of KONTOR_HOME: the storage itself is not asked."""
    if not settings.HAS_BACKUP_COPY:
        yield BACKUP_COPY.metric, ((), 0.0)
    elif (last := read_pass(settings.KONTOR_HOME)) and last.good_at:
        yield BACKUP_COPY.metric, ((), max(0.0, (datetime.now(UTC) - last.good_at).total_seconds()))


_METRICS = {rule.metric for rule in ALL_RULES}
WATCHED: Final[tuple[State, ...]] = (
    *(state for state in STATES if _METRICS & set(state.metrics)),
    State((names.EXPIRED,), _expired),
    State((LOW_STOCK.metric,), _run_low),
    State((LOG_STREAM.metric,), _log_stream),
    State((BACKUP_COPY.metric,), _backup_copy),
)
