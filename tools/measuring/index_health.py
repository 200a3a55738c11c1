"""What PostgreSQL itself knows of its indexes: which are idle, which say the same twice, which are missing, which have
grown more than what is in them. Reads catalogues and statistics only, and needs no extension."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` is the index or the columns it is about, with the facts behind it."""

    table: str
    what: str
    facts: str


_UNUSED = """
SELECT s.relname, s.indexrelname,
       format('%%s, never read since %%s', pg_size_pretty(pg_relation_size(s.indexrelid)),
              coalesce((SELECT stats_reset::date::text FROM pg_stat_database WHERE datname = current_database()),
                       'the statistics began'))
FROM pg_stat_user_indexes AS s JOIN pg_index AS i USING (indexrelid)
WHERE s.idx_scan = 0 AND NOT i.indisunique AND pg_relation_size(s.relid) > %(least_bytes)s
ORDER BY pg_relation_size(s.indexrelid) DESC
"""

# One index's columns, orders and operator classes begin another's, under the same condition, and it enforces nothing.
_DUPLICATE = """
WITH keys AS (
    SELECT indexrelid, indrelid, indisunique, pg_relation_size(indexrelid) AS bytes,
           array(SELECT concat_ws(' ', pg_get_indexdef(indexrelid, place, true), indclass[place - 1],
                                  indoption[place - 1])
                 FROM generate_series(1, indnkeyatts) AS place ORDER BY place) AS parts,
           coalesce(pg_get_expr(indpred, indrelid), '') AS condition
    FROM pg_index WHERE indisvalid AND indrelid IN (SELECT relid FROM pg_stat_user_tables)
)
SELECT short.indrelid::regclass::text, short.indexrelid::regclass::text,
       format('%%s, the beginning of %%s', pg_size_pretty(short.bytes), wide.indexrelid::regclass)
FROM keys AS short JOIN keys AS wide USING (indrelid, condition)
WHERE short.indexrelid <> wide.indexrelid AND NOT short.indisunique AND short.bytes >= %(smallest_duplicate)s
      AND short.parts = wide.parts[1:cardinality(short.parts)]
      AND (cardinality(short.parts) < cardinality(wide.parts) OR wide.indisunique
           OR short.indexrelid > wide.indexrelid)
ORDER BY short.bytes DESC
"""

# Without one, deleting a row that is pointed at reads the whole table that points.
_MISSING = """
SELECT key.conrelid::regclass::text,
       (SELECT string_agg(attname, ', ' ORDER BY place)
        FROM unnest(key.conkey) WITH ORDINALITY AS c (attnum, place)
        JOIN pg_attribute AS a ON a.attrelid = key.conrelid AND a.attnum = c.attnum),
       format('points at %%s; %%s rows', key.confrelid::regclass, greatest(t.reltuples, 0)::bigint)
FROM pg_constraint AS key JOIN pg_class AS t ON t.oid = key.conrelid
WHERE key.contype = 'f' AND NOT EXISTS (
    SELECT FROM pg_index AS i
    WHERE i.indrelid = key.conrelid AND i.indisvalid
          AND (i.indkey::smallint[])[0:cardinality(key.conkey) - 1] @> key.conkey
          AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) LIKE '%%IS NOT NULL%%')
)
ORDER BY t.reltuples DESC, 1
"""

# Pages an index has beyond those its entries would fill to 90 %: 12 bytes each and the keys by their average width. An
# estimate: equal keys share space, so an index may also be smaller than this reckons.
_BLOATED = """
WITH sizes AS (
    SELECT i.indrelid, i.indexrelid, c.relpages, c.reltuples, sum(coalesce(col.avg_width, expr.avg_width, 8)) AS width
    FROM pg_index AS i
    JOIN pg_class AS c ON c.oid = i.indexrelid
    JOIN pg_class AS t ON t.oid = i.indrelid
    JOIN pg_am AS m ON m.oid = c.relam AND m.amname = 'btree'
    JOIN pg_attribute AS a ON a.attrelid = i.indexrelid
    LEFT JOIN pg_attribute AS source ON source.attrelid = i.indrelid AND source.attnum = i.indkey[a.attnum - 1]
    LEFT JOIN pg_stats AS col ON col.tablename = t.relname AND col.attname = source.attname
    LEFT JOIN pg_stats AS expr ON expr.tablename = c.relname AND expr.attname = a.attname
    WHERE t.oid IN (SELECT relid FROM pg_stat_user_tables) AND c.relpages > 100 AND c.reltuples > 0
    GROUP BY 1, 2, 3, 4
), reckoned AS (
    SELECT *, ceil(reltuples * (12 + 8 * ceil(width / 8.0)) / (8192 * 0.9)) AS needed FROM sizes
)
SELECT indrelid::regclass::text, indexrelid::regclass::text,
       format('%%s, about %%s %%%% of it empty', pg_size_pretty(pg_relation_size(indexrelid)),
              round((100 * (relpages - needed) / relpages)::numeric))
FROM reckoned WHERE relpages - needed > relpages * 0.4
ORDER BY relpages - needed DESC
"""

REPORTS = {
    "unused": ("Not read once, on tables of some size: each write still pays for them.", _UNUSED),
    "duplicate": ("Another index begins with the same columns and serves the same reads.", _DUPLICATE),
    "missing": ("Foreign keys that no index begins with.", _MISSING),
    "bloat": ("Much larger than their entries need: REINDEX INDEX CONCURRENTLY makes them small again.", _BLOATED),
}


def examine_indexes(name: str, *, least_bytes: int = 8 * 1024 * 1024, smallest_duplicate: int = 0) -> Sequence[Finding]:
    """Run one of REPORTS. `least_bytes`: smaller tables' unused indexes are not worth a word; nor are duplicates
    smaller than `smallest_duplicate` bytes."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"least_bytes": least_bytes, "smallest_duplicate": smallest_duplicate}
        cursor.execute(REPORTS[name][1], values)
        return [Finding(*row) for row in cursor.fetchall()]
