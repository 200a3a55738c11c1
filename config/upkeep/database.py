"""What PostgreSQL says of itself."""

from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.upkeep.report import Level, Line, Part, duration, size
from shared.http.health import missing_migrations
from shared.metrics import names
from shared.metrics.rules import RULES
from tools.measuring.index_health import examine_indexes

_MOST = 10
_SHOWN_OF_STATEMENT = 300
_SMALLEST_DUPLICATE = 1 << 20
_LAG_SECONDS, _SLOT_BYTES, _DEAD_SHARE = 30.0, 1 << 30, 0.2
_VERSION = """
SELECT current_setting('server_version'), pg_database_size(current_database()),
       current_setting('transaction_read_only') = 'on',
       (SELECT sum(blks_hit) / nullif(sum(blks_hit + blks_read), 0) FROM pg_stat_database
        WHERE datname = current_database())
"""
# Without its values, which pg_stat_statements does not keep.
_SLOWEST = """
SELECT left(regexp_replace(query, '\\s+', ' ', 'g'), %(shown)s), calls, mean_exec_time / 1000,
       total_exec_time / nullif(sum(total_exec_time) OVER (), 0)
FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY total_exec_time DESC LIMIT %(most)s
"""
_DEAD = """
SELECT relname, n_dead_tup, n_live_tup, pg_table_size(relid) FROM pg_stat_user_tables
WHERE n_dead_tup > 10000 AND n_dead_tup > %(share)s * n_live_tup ORDER BY n_dead_tup DESC LIMIT %(most)s
"""
_REPLICAS = """
SELECT coalesce(nullif(application_name, ''), host(client_addr), 'local'), state, sync_state,
       extract(epoch FROM replay_lag), pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)
FROM pg_stat_replication ORDER BY 1 LIMIT %(most)s
"""
_SLOTS = """
SELECT slot_name, active, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) FROM pg_replication_slots
WHERE restart_lsn IS NOT NULL ORDER BY 3 DESC LIMIT %(most)s
"""
# No text: it may have values of ours in it.
_TRANSACTIONS = """
SELECT pid, coalesce(nullif(application_name, ''), usename), state,
       extract(epoch FROM clock_timestamp() - xact_start)
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
      AND xact_start < clock_timestamp() - interval '5 seconds'
ORDER BY xact_start LIMIT %(most)s
"""
Row = tuple[Any, ...]


def health_part() -> Part:
    return Part("health", gettext_lazy("Health"), _health)


def database_parts() -> tuple[Part, ...]:
    return (
        Part("transactions", gettext_lazy("Longest transactions"), _transactions),
        Part("statements", gettext_lazy("Slowest statements"), _statements),
        Part("indexes", gettext_lazy("Indexes"), _indexes),
        Part("tables", gettext_lazy("Tables with many dead rows"), _tables),
        Part("replication", gettext_lazy("Replication"), _replication),
    )


def _rows(sql: str, **values: Any) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"most": _MOST, **values})
        rows: list[Row] = cursor.fetchall()
    return rows


def _health() -> Iterator[Line]:
    ((version, count, is_read_only, hits),) = _rows(_VERSION)
    yield Line(Level.GOOD, _("Database"), f"PostgreSQL {version}, {size(count)}")
    if is_read_only:
        advice = _("It takes no writes: a standby, or its disk is full.")
        yield Line(Level.ACT, _("Writes"), _("refused"), advice)
    if hits is not None:
        advice = _("More memory, or shared_buffers, would spare the disk.") if hits < 0.9 else ""
        yield Line(Level.LOOK if advice else Level.GOOD, _("Reads answered from memory"), _share(hits), advice)
    missing = missing_migrations()
    advice = _("manage.py prepare applies them.") if missing else ""
    yield Line(Level.ACT if missing else Level.GOOD, _("Migrations to be applied"), str(len(missing)), advice)
    if not settings.SWEEP_UNPAID_ORDERS:
        advice = _("Overdue orders hold their stock until SWEEP_UNPAID_ORDERS is on again.")
        yield Line(Level.LOOK, _("Sweep of unpaid orders"), _("off"), advice)


def _transactions() -> Iterator[Line]:
    (rule,) = [rule for rule in RULES if rule.metric is names.LONGEST_TRANSACTION]
    for pid, who, state, seconds in _rows(_TRANSACTIONS):
        is_long = rule.holds(float(seconds))
        advice = _("SELECT pg_terminate_backend(%(pid)s) ends it.") % {"pid": pid} if is_long else ""
        yield Line(Level.LOOK if is_long else Level.GOOD, f"{pid}, {who}, {state}", duration(float(seconds)), advice)


def _statements() -> Iterator[Line]:
    ((has_extension,),) = _rows("SELECT to_regclass('pg_stat_statements') IS NOT NULL")
    if not has_extension:
        advice = _(
            "shared_preload_libraries = 'pg_stat_statements' in postgresql.conf, a restart, and CREATE EXTENSION "
            "pg_stat_statements. The embedded PostgreSQL comes without it."
        )
        yield Line(Level.UNKNOWN, _("Not measured"), "", advice)
        return
    for text, calls, seconds, share in _rows(_SLOWEST, shown=_SHOWN_OF_STATEMENT):
        facts = _("%(calls)s times, %(ms)s ms each, %(share)s of all time") % {
            "calls": number_format(calls, force_grouping=True),
            "ms": number_format(round(seconds * 1000, 2)),
            "share": _share(share or 0),
        }
        is_slow = seconds > 1
        advice = _("EXPLAIN (ANALYZE, BUFFERS) says where its time goes.") if is_slow else ""
        yield Line(Level.LOOK if is_slow else Level.GOOD, text, facts, advice)


def _indexes() -> Iterator[Line]:
    for name, title in _INDEXES.items():
        findings = examine_indexes(name, smallest_duplicate=_SMALLEST_DUPLICATE)
        if not findings:
            yield Line(Level.GOOD, str(title), _("none"))
        for found in findings[:_MOST]:
            yield Line(Level.LOOK, f"{title}: {found.what}", f"{found.table}, {found.facts}", str(_CURES[name]))


# Foreign keys without an index are left to `manage.py index_report`: those there are were left out on purpose.
_INDEXES: Final = {
    "unused": gettext_lazy("Unused index"),
    "duplicate": gettext_lazy("Duplicate index"),
    "bloat": gettext_lazy("Index that is mostly empty"),
}
_CURES: Final = {
    "unused": gettext_lazy("Each write pays for it. Is it of use on a replica, or once a year? Else drop it."),
    "duplicate": gettext_lazy("Another index begins with the same columns: it can be dropped."),
    "bloat": gettext_lazy("REINDEX INDEX CONCURRENTLY makes it small again."),
}


def _tables() -> Iterator[Line]:
    for name, dead, live, count in _rows(_DEAD, share=_DEAD_SHARE):
        figure = _("%(dead)s dead rows, %(live)s live, %(size)s") % {
            "dead": number_format(dead, force_grouping=True),
            "live": number_format(live, force_grouping=True),
            "size": size(count),
        }
        advice = _("VACUUM (ANALYZE) it; a long transaction may keep autovacuum from doing so.")
        yield Line(Level.LOOK, name, figure, advice)


def _replication() -> Iterator[Line]:
    replicas = _rows(_REPLICAS)
    wanted = len(settings.DATABASE_REPLICAS)
    if wanted > len(replicas):
        advice = _("DATABASE_REPLICA_URLS names servers that do not follow this one: their reads go to the primary.")
        figure = _("%(there)s of %(wanted)s") % {"there": len(replicas), "wanted": wanted}
        yield Line(Level.ACT, _("Replicas"), figure, advice)
    elif not replicas:
        yield Line(Level.GOOD, _("Replicas"), _("none"))
    for name, state, sync, seconds, behind in replicas:
        is_late = state != "streaming" or float(seconds or 0) > _LAG_SECONDS
        figure = ", ".join([str(state), str(sync), duration(float(seconds or 0)), size(float(behind or 0))])
        advice = _("It is far behind: its disk, its network, or a long read on it.") if is_late else ""
        yield Line(Level.LOOK if is_late else Level.GOOD, name, figure, advice)
    for name, is_active, kept in _rows(_SLOTS):
        is_dead = not is_active and float(kept) > _SLOT_BYTES
        advice = _("Nobody reads it and it keeps the log: SELECT pg_drop_replication_slot(…).") if is_dead else ""
        state = _("in use") if is_active else _("idle")
        yield Line(Level.ACT if is_dead else Level.GOOD, f"{_('Slot')} {name}", f"{state}, {size(float(kept))}", advice)


def _share(part: float) -> str:
    return f"{number_format(round(100 * float(part), 1), decimal_pos=1)} %"
