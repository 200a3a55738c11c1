"""Changes of the schema that can be run again: what an interrupted run has made stays, what it has half made goes.

PostgreSQL builds an index beside the shop's work only outside of a transaction, so a migration with one is not undone
when it is cut off: the next run finds its first steps done and an index of the last one that is INVALID. This is for
all of them, those of packages and RunSQL too, where each migration would else have to think of it by itself.
"""

import re
from typing import Any

from django.db.backends.postgresql import schema

from shared.database.backend.older_work import wait_for_older_work

_NAME = r'"?(?P<name>\w+)"?'
_BUILD = re.compile(rf"\s*CREATE (UNIQUE )?INDEX CONCURRENTLY (IF NOT EXISTS )?{_NAME} ON", re.IGNORECASE)
_DROP = re.compile(r"\s*DROP INDEX CONCURRENTLY (?!IF EXISTS)", re.IGNORECASE)
_TABLE = r'\s*ALTER TABLE (ONLY )?"?(?P<table>\w+)"?'
_ADD = re.compile(rf"{_TABLE} ADD (?P<what>COLUMN|CONSTRAINT) {_NAME}", re.IGNORECASE)
_TAKE = re.compile(rf"({_TABLE} DROP (COLUMN|CONSTRAINT)) (?!IF EXISTS)", re.IGNORECASE)

_IS_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(quote_ident(%s))"
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
            self._build_index(build["name"], sql, params)
        elif (add := _ADD.match(text)) and self._has_object(add["what"].upper(), add["table"], add["name"]):
            return
        elif (drop := _DROP.match(text)) or (drop := _TAKE.match(text)):
            super().execute(f"{text[: drop.end()]}IF EXISTS {text[drop.end() :]}", params)
        else:
            super().execute(sql, params)

    def _build_index(self, name: str, sql: Any, params: Any) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(_IS_VALID, [name])
            found = cursor.fetchone()
        if found == (True,):
            return
        if found:
            super().execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')
        wait_for_older_work(self.connection, before=f"index {name} is built")
        # It waits for what began meanwhile, too, and holds up nobody while it does.
        super().execute("SET lock_timeout = 0")
        try:
            super().execute(sql, params)
        finally:
            super().execute("RESET lock_timeout")

    def _has_object(self, what: str, table: str, name: str) -> bool:
        with self.connection.cursor() as cursor:
            cursor.execute(_HAS[what], [table, name])
            return cursor.fetchone() is not None
