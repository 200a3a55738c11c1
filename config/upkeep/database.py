"""What PostgreSQL says of itself."""

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.upkeep.report import Level, Line, Part, duration, size
from config.upkeep.rows import MOST, rows_of, share_of
from config.upkeep.statements import statements_part
from shared.http.health import missing_migrations
from shared.metrics import names
from shared.metrics.rules import RULES
from tools.measuring.index_health import examine_indexes

_SMALLEST_DUPLICATE = 1 << 20
_DEAD_SHARE = 0.2
# Both are known to the session: they are answered however busy the disk is.
_VERSION = "SELECT current_setting('server_version'), current_setting('transaction_read_only') = 'on'"
_HITS = """
SELECT sum(blks_hit) / nullif(sum(blks_hit + blks_read), 0) FROM pg_stat_database WHERE datname = current_database()
"""
# Looks at each file on the disk.
_BYTES = "SELECT pg_database_size(current_database())"
_DEAD = """
SELECT relname, n_dead_tup, n_live_tup, pg_table_size(relid) FROM pg_stat_user_tables
WHERE n_dead_tup > 10000 AND n_dead_tup > %(share)s * n_live_tup ORDER BY n_dead_tup DESC LIMIT %(most)s
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


def health_part() -> Part:
    """Unread, it is the worst: the database does not even say whether it takes writes."""
    return Part("health", gettext_lazy("Health"), _health, details=(_hits, _size), unread=Level.ACT)


def database_parts() -> tuple[Part, ...]:
    return (
        Part("transactions", gettext_lazy("Longest transactions"), _transactions),
        statements_part(),
        Part("indexes", gettext_lazy("Indexes"), _indexes),
        Part("tables", gettext_lazy("Tables with many dead rows"), _tables),
    )


def _health() -> Iterator[Line]:
    ((version, is_read_only),) = rows_of(_VERSION)
    yield Line(Level.GOOD, _("Database"), f"PostgreSQL {version}")
    if is_read_only:
        advice = _("It takes no writes: a standby, or its disk is full.")
        yield Line(Level.ACT, _("Writes"), _("refused"), advice)
    if not settings.SWEEP_UNPAID_ORDERS:
        advice = _("Overdue orders hold their stock until SWEEP_UNPAID_ORDERS is on again.")
        yield Line(Level.LOOK, _("Sweep of unpaid orders"), _("off"), advice)
    missing = missing_migrations()
    advice = _("manage.py prepare applies them.") if missing else ""
    yield Line(Level.ACT if missing else Level.GOOD, _("Migrations to be applied"), str(len(missing)), advice)


def _hits() -> Iterator[Line]:
    ((hits,),) = rows_of(_HITS)
    if hits is not None:
        advice = _("More memory, or shared_buffers, would spare the disk.") if hits < 0.9 else ""
        yield Line(Level.LOOK if advice else Level.GOOD, _("Reads answered from memory"), share_of(hits), advice)


def _size() -> Iterator[Line]:
    ((count,),) = rows_of(_BYTES)
    yield Line(Level.GOOD, _("Size of the database"), size(count))


def _transactions() -> Iterator[Line]:
    (rule,) = [rule for rule in RULES if rule.metric is names.LONGEST_TRANSACTION]
    for pid, who, state, seconds in rows_of(_TRANSACTIONS):
        is_long = rule.holds(float(seconds))
        advice = _("SELECT pg_terminate_backend(%(pid)s) ends it.") % {"pid": pid} if is_long else ""
        yield Line(Level.LOOK if is_long else Level.GOOD, f"{pid}, {who}, {state}", duration(float(seconds)), advice)


def _indexes() -> Iterator[Line]:
    for name, title in _INDEXES.items():
        findings = examine_indexes(name, smallest_duplicate=_SMALLEST_DUPLICATE)
        if not findings:
            yield Line(Level.GOOD, str(title), _("none"))
        for found in findings[:MOST]:
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
    for name, dead, live, count in rows_of(_DEAD, share=_DEAD_SHARE):
        figure = _("%(dead)s dead rows, %(live)s live, %(size)s") % {
            "dead": number_format(dead, force_grouping=True),
            "live": number_format(live, force_grouping=True),
            "size": size(count),
        }
        advice = _("VACUUM (ANALYZE) it; a long transaction may keep autovacuum from doing so.")
        yield Line(Level.LOOK, name, figure, advice)
