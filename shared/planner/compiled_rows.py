"""Rows as model instances, by constant SQL, and in the same statement what hangs on them.

What prefetch_related reads by one statement more for each relation comes here as a column: a JSON array of arrays, made
by PostgreSQL in the order of the columns. One statement sees one moment, too, where several see as many.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

import orjson
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Expression, F, Func, JSONField, QuerySet, TextField
from django.db.models.functions import Cast
from django.db.models.sql.compiler import SQLCompiler

from shared.planner.compiled_query import CompiledQuery
from shared.planner.known_instance import partly_known_instance

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Hanging:
    """`rows`, in order, name the row that they hang on by OuterRef; `hanging` hangs on each of them in turn, by the
    name of its relation."""

    rows: QuerySet
    hanging: Mapping[str, "Hanging"] = field(default_factory=dict)

    def as_column(self) -> ArraySubquery:
        """The rows as one JSON column."""
        columns = [_as_json(each) for each in self.rows.model._meta.concrete_fields]
        nested = [each.as_column() for each in self.hanging.values()]
        return ArraySubquery(self.rows.annotate(in_json=_JSONArray(*columns, *nested)).values("in_json"))


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which columns of a row make an instance, and those of the rows that select_related joins to it."""

    model: type[models.Model]
    names: list[str]
    places: list[int]
    joined: list[tuple[models.ForeignKey, "_Columns"]]

    @classmethod
    def of(cls, info: Mapping[str, Any], expressions: Sequence[Any]) -> "_Columns":
        """As Django's compiler describes what it selects."""
        places = list(info["select_fields"])
        names = [expressions[place].target.attname for place in places]
        joined = [(each["field"], cls.of(each, expressions)) for each in info.get("related_klass_infos", ())]
        return cls(info["model"], names, places, joined)

    def instance(self, row: Sequence[Any]) -> models.Model:
        """With None for a row that none is joined to."""
        instance = partly_known_instance(self.model, self.names, [row[place] for place in self.places])
        for joining, columns in self.joined:
            # By the key, as an outer join gives a row of NULLs where there is none.
            is_there = getattr(instance, joining.attname) is not None
            joining.set_cached_value(instance, columns.instance(row) if is_there else None)
        return instance


class CompiledRows(CompiledQuery, Generic[M]):
    """`build` returns a queryset of whole rows with Params, perhaps with select_related by foreign keys; `hanging`
    goes where prefetch_related would put it, as lists. Both run once, at the first call."""

    def __init__(
        self, build: Callable[[], "QuerySet[M]"], *, hanging: Callable[[], Mapping[str, Hanging]] = dict
    ) -> None:
        super().__init__(build)
        self._build_rows, self._build_hanging = build, hanging
        self._build = self._with_hanging

    def instances(self, **values: Any) -> list[M]:
        """All rows, with what hangs on them."""
        rows = self.fetch(**values)
        return [self._instance(row) for row in rows]

    def _with_hanging(self) -> QuerySet:
        self._hanging = self._build_hanging()
        columns = {_column_of(name): _AsText(each.as_column()) for name, each in self._hanging.items()}
        rows: QuerySet = self._build_rows().annotate(**columns)
        return rows

    def _learn(self, compiler: SQLCompiler) -> None:
        expressions = [column for column, _sql, _alias in compiler.select or ()]
        self._columns = _Columns.of(compiler.klass_info, expressions)
        converters = compiler.get_converters(expressions)
        self._converters = [(place, each, expression) for place, (each, expression) in converters.items()]
        self._connection = compiler.connection
        self._first_hanging = len(expressions) - len(self._hanging)

    def _instance(self, found: tuple[Any, ...]) -> M:
        row = list(found)
        for place, converters, expression in self._converters:
            for convert in converters:
                row[place] = convert(row[place], expression, self._connection)
        instance = self._columns.instance(row)
        hang(instance, self._hanging, [orjson.loads(each) for each in row[self._first_hanging :]])
        return cast(M, instance)


def hang(instance: models.Model, hanging: Mapping[str, Hanging], columns: list[Any]) -> None:
    """Let the row show what was read with it, as if it were prefetched."""
    if hanging:
        # Where Django's related managers look first, as after prefetch_related.
        cache = instance.__dict__.setdefault("_prefetched_objects_cache", {})
        for (name, each), rows in zip(hanging.items(), columns, strict=True):
            cache[name] = [_read(each, row) for row in rows]


def _read(hanging: Hanging, row: list[Any]) -> models.Model:
    model: type[models.Model] = hanging.rows.model
    names, readers = _columns_of(model)
    for place, read in readers:
        if row[place] is not None:
            row[place] = read(row[place])
    instance = partly_known_instance(model, names, row[: len(names)])
    hang(instance, hanging.hanging, row[len(names) :])
    return instance


def _column_of(relation: str) -> str:
    """Not the relation's own name, which is the model's."""
    return f"{relation}_in_json"


class _JSONArray(Func):
    function = "json_build_array"
    output_field = JSONField()


class _AsText(Func):
    """A JSON column as orjson takes it."""

    template = "to_json(%(expressions)s)::text"
    output_field = TextField()


def _as_json(each: models.Field) -> Expression | F:
    """Amounts as text: JSON's numbers are read as floats."""
    return Cast(each.attname, TextField()) if _stored_as(each) == "DecimalField" else F(each.attname)


_READERS: dict[str, Callable[[str], Any]] = {
    "UUIDField": UUID,
    "DecimalField": Decimal,
    "DateTimeField": datetime.fromisoformat,
    "DateField": date.fromisoformat,
}
_AS_THEY_ARE = frozenset(
    {"CharField", "TextField", "IntegerField", "SmallIntegerField", "PositiveIntegerField", "BooleanField", "JSONField",
     "PositiveSmallIntegerField", "BigIntegerField"}
)  # fmt: skip


@cache
def _columns_of(model: type[models.Model]) -> tuple[list[str], list[tuple[int, Callable[[str], Any]]]]:
    """The names of the columns, and how those are read that are something else in JSON."""
    fields = model._meta.concrete_fields
    unknown = [each.name for each in fields if _stored_as(each) not in {*_READERS, *_AS_THEY_ARE}]
    if unknown:
        raise TypeError(f"{model.__name__}: nobody has said how to read {', '.join(unknown)} out of JSON.")
    readers = [(place, _READERS[kind]) for place, each in enumerate(fields) if (kind := _stored_as(each)) in _READERS]
    return [each.attname for each in fields], readers


def _stored_as(each: models.Field) -> str:
    """The kind of field, of a foreign key that of what it points at; a field's own subclass has its base's."""
    while isinstance(each, models.ForeignKey):
        each = each.target_field
    return each.get_internal_type()
