"""Everything that a run leaves in the database, so that two runs can be compared, and the way back."""

import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

from django.apps import apps
from django.db import connection, transaction

# What tells when and in which turn something was written rather than what: clocks, keys and numbers of series.
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:\+\d\d:\d\d)?")
_TURN = re.compile(r'"number": "[^"]*"|"(?:id|feed_serial|feed_tx)": \d+')
_WRITTEN = ("inventory", "orders", "payments", "shared", "events", "webhooks", "crm")
# Callers counted by the minute, which no service here does.
_NOT_COMPARED = ("shared_rate_limit_window",)
# How far from an id its row's own words and those of rows that name it tell it from others.
_ROUNDS = 3
_JOBS = ("procrastinate_events", "procrastinate_jobs")


class Books:
    """The tables as they are when this is made, to go back to.

    What tests.plugins.db_restore does for every table, here for those that the services write, on one connection: a
    statement of so many tables takes longer to plan than to run, and is planned once.
    """

    def __init__(self) -> None:
        self._tables = [*_tables_of(_WRITTEN), *_JOBS]
        sums = ", ".join(f"(SELECT sum(hashtextextended(row::text, 0)) FROM {table} row)" for table in self._tables)
        self._sums_sql = f"SELECT {sums}"
        reads = [
            f"SELECT '{table}', to_jsonb(row)::text FROM {table} AS row"
            for table in _tables_of(_WRITTEN)
            if table not in _NOT_COMPARED
        ]
        reads.append("SELECT 'job', jsonb_build_array(task_name, args, status)::text FROM procrastinate_jobs")
        self._reading_sql = " UNION ALL ".join(reads)
        self._before = self._sums()
        self._rows = {table: _copied_out(table) for table in self._tables}
        self._known = frozenset(name for row in self._read() for name in _UUID.findall(row))

    def go_back(self) -> None:
        """Put back what differs, with triggers asleep: history keeps what is written, and books refuse deletes."""
        pairs = zip(self._tables, self._sums(), self._before, strict=True)
        changed = [table for table, now, before in pairs if now != before]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in changed:
                cursor.execute(f"DELETE FROM {table}")
                with cursor.copy(f"COPY {table} {_columns(table)} FROM STDIN") as copy:
                    copy.write(self._rows[table])

    def everything_written(self) -> tuple[str, ...]:
        """All rows that the services write, and the jobs, as sorted text without clocks and turns. Ids that were there
        before remain; a new one is named by the rows that it is in, so that it matters which row points at which."""
        rows = [_TURN.sub("", _TIME.sub("-", row)) for row in self._read()]
        new = [(row, ids) for row in rows if (ids := frozenset(_UUID.findall(row)) - self._known)]
        names: dict[str, str] = {one: "" for _, ids in new for one in ids}
        for _ in range(_ROUNDS):
            names = _better_names(new, names)
        return tuple(sorted(_renamed(row, names) for row in rows))

    def _read(self) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(self._reading_sql)
            return [f"{table} {row}" for table, row in cursor.fetchall()]

    def _sums(self) -> tuple[object, ...]:
        with connection.cursor() as cursor:
            cursor.execute(self._sums_sql)
            return tuple(cursor.fetchone())


def _renamed(row: str, names: Mapping[str, str]) -> str:
    return _UUID.sub(lambda found: names.get(found[0], found[0]), row)


def _better_names(rows: Sequence[tuple[str, frozenset[str]]], names: Mapping[str, str]) -> dict[str, str]:
    """Each id by the rows that it is in, in which the others have the names that they had."""
    texts: dict[str, list[str]] = {one: [] for one in names}
    for row, ids in rows:
        for one in ids:
            texts[one].append(_renamed(row, {**{other: names[other] for other in ids}, one: "this"}))
    return {one: blake2b("".join(sorted(found)).encode(), digest_size=6).hexdigest() for one, found in texts.items()}


def _tables_of(labels: Iterable[str]) -> list[str]:
    return [
        model._meta.db_table
        for label in labels
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model._meta.managed
    ]


def _columns(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
            [table],
        )
        return f"({cursor.fetchone()[0]})"


def _copied_out(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} {_columns(table)} TO STDOUT") as copy:
        return b"".join(bytes(part) for part in copy)
