"""ORM queries of the hot path, turned into SQL once a process instead of once a call.

Building the SQL of a query takes Django longer than PostgreSQL takes to answer it, and placing an order makes
four. The query stays an ORM expression, checked against the models; only its SQL text is kept. Values that
differ from call to call are `Param`s.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Expression, Field, Func, QuerySet
from django.db.models.sql.compiler import SQLCompiler


class _Marker:
    """Stands in the SQL's parameters where the value of a Param goes."""

    def __init__(self, name: str) -> None:
        self.name = name


def filled_in(params: Iterable[Any], values: Mapping[str, Any]) -> list[Any]:
    """The statement's parameters for one call."""
    return [values[p.name] if isinstance(p, _Marker) else p for p in params]


class Param(Expression):
    """A value given at every call, by name."""

    def __init__(self, name: str, field: Field) -> None:
        super().__init__(output_field=field)
        self.marker = _Marker(name)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self.marker,)


class EqualsAny(Func):
    """`filter(EqualsAny("pk", Param("ids", UUIDField())))`: in a list given at every call, which may have any
    length without changing the statement."""

    output_field = BooleanField()
    arg_joiner = " = ANY("
    template = "%(expressions)s)"


class CompiledQuery:
    """`build` returns a `values_list` queryset with Params. It runs once, at the first call."""

    def __init__(self, build: Callable[[], QuerySet]) -> None:
        self._build = build
        self._compiled: tuple[str, tuple[Any, ...]] | None = None

    def fetch(self, **values: Any) -> list[tuple[Any, ...]]:
        """All rows, as tuples."""
        # Without a lock: two threads that come first both make the same statement.
        sql, params = self._compiled or self._compile()
        with connection.cursor() as cursor:
            cursor.execute(sql, filled_in(params, values))
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def _compile(self) -> tuple[str, tuple[Any, ...]]:
        compiler = self._build().query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        # Before the statement is there: another thread that finds it needs what was learnt.
        self._learn(compiler)
        self._compiled = sql, params
        return self._compiled

    def _learn(self, compiler: SQLCompiler) -> None:
        """For whoever asks for more than tuples: what the columns are."""
