"""Changes of the schema that can be run again: what an interrupted run has made stays, what it has half made goes.

PostgreSQL builds an index beside the shop's work only outside of a transaction, so a migration with one is not undone
when it is cut off: the next run finds its first steps done and an index of the last one that is INVALID. This is for
all of them, those of packages and RunSQL too, where each migration would else have to think of it by itself.

A table that an operator cut into partitions (orders/partitioning) is still one to every migration: PostgreSQL builds
no index of all partitions beside the shop's work, but that of each, and then takes these for the whole's in no time.
"""

import re
from typing import Any

from django.db.backends.postgresql import schema

from shared.database.backend.older_work import wait_for_older_work

_NAME = r'"?(?P<name>\w+)"?'
_BUILD = re.compile(
    rf'\s*CREATE (UNIQUE )?INDEX CONCURRENTLY (IF NOT EXISTS )?{_NAME} ON (?:public\.)?"?(?P<table>\w+)"?',
    re.IGNORECASE,
)
_DROP = re.compile(rf"\s*DROP INDEX CONCURRENTLY (?:IF EXISTS )?{_NAME}", re.IGNORECASE)
_REBUILD = re.compile(rf"\s*REINDEX INDEX CONCURRENTLY {_NAME}", re.IGNORECASE)
_TABLE = r'\s*ALTER TABLE (ONLY )?"?(?P<table>\w+)"?'
_ADD = re.compile(rf"{_TABLE} ADD (?P<what>COLUMN|CONSTRAINT) {_NAME}", re.IGNORECASE)
_TAKE = re.compile(rf"({_TABLE} DROP (COLUMN|CONSTRAINT)) (?!IF EXISTS)", re.IGNORECASE)

_IS_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(quote_ident(%s))"
_PARTITIONS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = to_regclass(quote_ident(%s))"
_IS_OF_PARTITIONS = "SELECT relkind = 'I' FROM pg_class WHERE oid = to_regclass(quote_ident(%s))"
_LEFT_OVER = """SELECT relname FROM pg_class JOIN pg_index ON indexrelid = pg_class.oid
    WHERE NOT indisvalid AND left(relname, %s) = %s AND relname ~ '_cc(new|old)\\d*$'"""
_LONGEST_NAME = 63
_LONGEST_ENDING = 8  # as _ccnew, and a digit or two where that is taken
_HAS = {
    "COLUMN": """SELECT FROM pg_attribute WHERE attrelid = to_regclass(quote_ident(%s)) AND attname = %s
        AND NOT attisdropped""",
    "CONSTRAINT": "SELECT FROM pg_constraint WHERE conrelid = to_regclass(quote_ident(%s)) AND conname = %s",
}


class SchemaEditor(schema.DatabaseSchemaEditor):
    def execute(self, sql: Any, params: Any = ()) -> None:
        """Each statement of a migration that is not atomic, unless an earlier run has done it. What a name stands for
        is not compared: a migration never gives a name that is taken."""
        text = str(sql)
        if self.collect_sql or self.connection.in_atomic_block:
            super().execute(sql, params)
        elif build := _BUILD.match(text):
            self._build_index_of_all(build, text, params)
        elif rebuild := _REBUILD.match(text):
            self._rebuild_index(rebuild["name"], text, params)
        elif (add := _ADD.match(text)) and self._has_object(add["what"].upper(), add["table"], add["name"]):
            return
        elif drop := _DROP.match(text):
            # Of a table in partitions it goes with theirs, at once: PostgreSQL does not do that beside the shop's work.
            beside = "" if self._first(_IS_OF_PARTITIONS, drop["name"]) else "CONCURRENTLY "
            super().execute(f'DROP INDEX {beside}IF EXISTS "{drop["name"]}"{text[drop.end() :]}', params)
        elif take := _TAKE.match(text):
            super().execute(f"{text[: take.end()]}IF EXISTS {text[take.end() :]}", params)
        else:
            super().execute(sql, params)

    def _build_index_of_all(self, build: re.Match[str], text: str, params: Any) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(_PARTITIONS, [build["table"]])
            partitions = [name for (name,) in cursor.fetchall()]
        if not partitions:
            self._build_index(build["name"], text, params)
            return
        name, table, unique = build["name"], build["table"], build[1] or ""
        for partition in partitions:
            of_it = f"{name}{partition.removeprefix(table)}"[:_LONGEST_NAME]
            columns = text[build.end() :]
            self._build_index(of_it, f'CREATE {unique}INDEX CONCURRENTLY "{of_it}" ON "{partition}"{columns}', params)
        super().execute(f'CREATE {unique}INDEX IF NOT EXISTS "{name}" ON "{table}"{text[build.end() :]}', params)

    def _build_index(self, name: str, sql: Any, params: Any) -> None:
        is_valid = self._first(_IS_VALID, name)
        if is_valid:
            return
        if is_valid is False:
            super().execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')
        self._beside_the_work(name, sql, params)

    def _rebuild_index(self, name: str, sql: Any, params: Any) -> None:
        # What a run that was cut off leaves is called so by PostgreSQL, and only it takes names that end so.
        beginning = name[: _LONGEST_NAME - _LONGEST_ENDING]
        for left in self._all(_LEFT_OVER, len(beginning), beginning):
            super().execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{left}"')
        self._beside_the_work(name, sql, params)

    def _beside_the_work(self, name: str, sql: Any, params: Any) -> None:
        wait_for_older_work(self.connection, before=f"index {name} is built")
        # It waits for what began meanwhile, too, and holds up nobody while it does.
        super().execute("SET lock_timeout = 0")
        try:
            super().execute(sql, params)
        finally:
            super().execute("RESET lock_timeout")

    def _all(self, sql: str, *params: Any) -> list[str]:
        """The first value of each row."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, params)
            return [value for (value,) in cursor.fetchall()]

    def _first(self, sql: str, name: str) -> Any:
        """The first value of the first row; None where there is none."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, [name])
            found = cursor.fetchone()
        return found[0] if found else None

    def _has_object(self, what: str, table: str, name: str) -> bool:
        with self.connection.cursor() as cursor:
            cursor.execute(_HAS[what], [table, name])
            return cursor.fetchone() is not None
