"""Which statements cost PostgreSQL the most, without anybody's values."""

import re
from collections.abc import Iterator

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.upkeep.report import Level, Line, Part
from config.upkeep.rows import rows_of, share_of

_SHOWN_CHARACTERS = 300
_SLOW_SECONDS = 1.0
# Only those that read or write rows: of others, such as ALTER ROLE … PASSWORD, the extension keeps the text as it is.
_SLOWEST = r"""
SELECT query, calls, mean_exec_time / 1000, share FROM (
    SELECT query, calls, mean_exec_time, total_exec_time,
           total_exec_time / nullif(sum(total_exec_time) OVER (), 0) AS share
    FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
) AS statement
WHERE query ~* '^(\s|/\*.*?\*/|--[^\n]*\n)*(SELECT|INSERT|UPDATE|DELETE|MERGE|WITH)\M'
ORDER BY total_exec_time DESC LIMIT %(most)s
"""
# Most texts have $1 where a value was. One whose entry was thrown out while it ran keeps its values, so they are taken
# out here. Tried in turn at each place: comments, texts in dollars, strings; names and $1, which are kept; numbers.
_VALUES = re.compile(
    r"""/\*.*?(?:\*/|$) | --[^\n]* | \$(?P<tag>[^\W\d]\w*|)\$.*?(?:\$(?P=tag)\$|$)
    | \b[eE]'(?:\\.|''|[^'\\])*(?:'|$) | '(?:''|[^'])*(?:'|$)
    | (?P<kept>"(?:""|[^"])*(?:"|$) | \$\d+ | [^\W\d][\w$]*)
    | (?:\d[\w.]*|\.\d\w*)""",
    re.DOTALL | re.VERBOSE,
)


def statements_part() -> Part:
    return Part("statements", gettext_lazy("Slowest statements"), _statements)


def _statements() -> Iterator[Line]:
    ((has_extension,),) = rows_of("SELECT to_regclass('pg_stat_statements') IS NOT NULL")
    if not has_extension:
        advice = _(
            "shared_preload_libraries = 'pg_stat_statements' in postgresql.conf, a restart, and CREATE EXTENSION "
            "pg_stat_statements. The embedded PostgreSQL comes without it."
        )
        yield Line(Level.UNKNOWN, _("Not measured"), "", advice)
        return
    for text, calls, seconds, share in rows_of(_SLOWEST):
        facts = _("%(calls)s times, %(ms)s ms each, %(share)s of all time") % {
            "calls": number_format(calls, force_grouping=True),
            "ms": number_format(round(seconds * 1000, 2)),
            "share": share_of(share or 0),
        }
        is_slow = seconds > _SLOW_SECONDS
        advice = _("EXPLAIN (ANALYZE, BUFFERS) says where its time goes.") if is_slow else ""
        yield Line(Level.LOOK if is_slow else Level.GOOD, _without_values(text), facts, advice)


def _without_values(text: str) -> str:
    """On one line, and not all of a long one."""
    blanked = _VALUES.sub(lambda found: found["kept"] or "…", text)
    return " ".join(blanked.split())[:_SHOWN_CHARACTERS]
