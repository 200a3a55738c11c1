"""What a piece of work makes PostgreSQL read: each of its statements explained just before it runs."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from tests.shop.database.plans import first_read, most_read

_TIMES = 2  # each text, however often it is sent
_STATEMENT = re.compile(r"\s*\(?\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
_NOT_READING = re.compile(r"\s*SELECT (pg_|set_config|nextval|statement_timestamp|clock_timestamp)", re.IGNORECASE)
_SCANNED = "SELECT relname, seq_tup_read FROM pg_stat_xact_user_tables WHERE seq_tup_read > 0"


class Measured:
    """`rows` is the most that one step of a statement read, by the statement's text; `once`: by its first plan alone,
    for work that takes long."""

    def __init__(self, *, once: bool = False) -> None:
        self._once = once
        self.rows: dict[str, int] = {}
        self._sent: Counter[str] = Counter()
        self._is_explaining = False

    def run(self, work: Callable[[], Any]) -> None:
        with connection.execute_wrapper(self._listen):
            work()
        before = self._scanned()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as a commit would: foreign keys are looked up now
        for table, rows in self._scanned().items():
            self.rows[f"foreign keys: {table}"] = rows - before.get(table, 0)

    def above(self, most: int) -> list[str]:
        return [f"{rows:,} rows: {' '.join(sql.split())[:700]}" for sql, rows in self.rows.items() if rows > most]

    def _listen(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = sql if isinstance(sql, str) else sql.as_string(connection.connection)
        self._sent[text] += 1
        is_new = self._sent[text] <= _TIMES and not self._is_explaining
        if is_new and _STATEMENT.match(text) and not _NOT_READING.match(text):
            self._explain(text, params[0] if many else params)
        return execute(sql, params, many, context)

    def _explain(self, sql: str, params: Any) -> None:
        self._is_explaining = True
        try:
            with transaction.atomic():
                read = first_read(sql, params) if self._once else most_read(sql, params)
                self.rows[sql] = max(self.rows.get(sql, 0), read)
        finally:
            self._is_explaining = False

    @staticmethod
    def _scanned() -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute(_SCANNED)
            return dict(cursor.fetchall())
