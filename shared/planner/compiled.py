"""Reads and updates whose SQL is made once a process, declared as a function that returns the ORM's query.

    @compiled_rows
    def payments_of(*, order_id: UUID) -> QuerySet[Payment]:
        return Payment.objects.filter(order_id=order_id).order_by("id")

    payments_of(order_id=order.pk)  # a list of payments

The function runs once, at the first call, with a Param in place of every argument: it may put them into filters and
values, and must not look at them. `ids: Ids` goes into EqualsAny.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar, overload
from uuid import UUID

from django.db import connection
from django.db.models import CharField, DateTimeField, DecimalField, Field, IntegerField, Model, QuerySet, UUIDField
from django.db.models.sql import UpdateQuery

from shared.planner.compiled_query import CompiledQuery, Param, filled_in
from shared.planner.compiled_rows import CompiledRows, Hanging

P = ParamSpec("P")
M = TypeVar("M", bound=Model)
T = TypeVar("T")
Ids = Sequence[UUID]

_FIELDS: Mapping[Any, Callable[[], Field]] = {
    UUID: UUIDField,
    Ids: UUIDField,
    str: CharField,
    int: IntegerField,
    datetime: DateTimeField,
    datetime | None: DateTimeField,
    Decimal: DecimalField,
}


@overload
def compiled_rows(build: "Callable[P, QuerySet[M]]") -> Callable[P, list[M]]: ...
@overload
def compiled_rows(
    *, hanging: Callable[[], Mapping[str, Hanging]]
) -> "Callable[[Callable[P, QuerySet[M]]], Callable[P, list[M]]]": ...
def compiled_rows(
    build: "Callable[P, QuerySet[M]] | None" = None, *, hanging: Callable[[], Mapping[str, Hanging]] = dict
) -> Any:
    """The queryset's rows, as a list of instances that have all their columns, with what hangs on them."""
    if build is None:
        return partial(compiled_rows, hanging=hanging)
    read: CompiledRows[M] = CompiledRows(lambda: _built(build), hanging=hanging)

    @wraps(build)
    def rows(*_: P.args, **values: P.kwargs) -> list[M]:
        return read.instances(**values)

    return rows


def compiled_values(build: Callable[P, QuerySet[Any, Any]]) -> Callable[P, list[tuple[Any, ...]]]:
    """The rows of a `values_list` queryset, as tuples."""
    read = CompiledQuery(lambda: _built(build))

    @wraps(build)
    def rows(*_: P.args, **values: P.kwargs) -> list[tuple[Any, ...]]:
        return read.fetch(**values)

    return rows


@dataclass(frozen=True, slots=True)
class Update:
    """`rows.update(**values)`, not yet done."""

    rows: QuerySet[Any, Any]
    values: Mapping[str, Any]


def compiled_update(build: Callable[P, Update]) -> Callable[P, int]:
    """The update done; returns how many rows it found."""
    made: list[tuple[str, tuple[Any, ...]]] = []

    @wraps(build)
    def update(*_: P.args, **values: P.kwargs) -> int:
        # Without a lock: two threads that come first both make the same statement.
        if not made:
            made.append(_sql_of(_built(build)))
        sql, params = made[0]
        with connection.cursor() as cursor:
            cursor.execute(sql, filled_in(params, values))
            return int(cursor.rowcount)

    return update


def _sql_of(update: Update) -> tuple[str, tuple[Any, ...]]:
    query = update.rows.query.chain(UpdateQuery)
    query.add_update_values(dict(update.values))  # type: ignore[attr-defined]
    sql, params = query.get_compiler(connection=connection).as_sql()
    return sql, params


def _built(build: Callable[..., T]) -> T:
    """What the function returns for Params in place of its arguments."""
    return build(**_params(build))


def _params(build: Callable[..., Any]) -> dict[str, Any]:
    kinds = inspect.get_annotations(build, eval_str=True)
    return {name: Param(name, _FIELDS[kind]()) for name, kind in kinds.items() if name != "return"}
