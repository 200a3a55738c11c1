"""Rows of a list whose SQL is made once a process for each way of asking: a stand-in for a queryset.

    variants = PreparedRows.of(queries.variants, include_inactive=False)
    variants.filter(product_id=key).order_by("-id").select(columns)[:21]

Filters by comparison, the order and the slice are taken down, and the statement is looked up by their names when the
rows are read; values are its parameters. Whatever else is asked of it goes to the queryset that it stands for, so an
odd filter costs what it always did and means the same.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.db.models import Field, ForeignKey, Model, QuerySet
from django.db.models.constants import LOOKUP_SEP

from shared.planner.compiled_query import CompiledQuery, EqualsAny, Param
from shared.planner.lookups import one_of

_COMPARISONS = frozenset({"exact", "lt", "lte", "gt", "gte", "in"})
_WAYS = 1_000  # of asking, whose SQL is kept: clients choose filters, orders, fields and lengths of pages


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """What is read of each row; one object for all its uses, because statements are known by it."""

    expressions: tuple[Any, ...]


Rows = list[tuple[Any, ...]]
# What is asked for: a function that returns a queryset, and its arguments.
_Source = tuple[Callable[..., QuerySet], tuple[tuple[str, Any], ...]]


@dataclass(frozen=True, slots=True)
class PreparedRows:
    """Immutable, as a queryset is."""

    source: _Source
    lookups: tuple[tuple[str, Any], ...] = ()
    ordering: tuple[str, ...] = ()
    columns: Columns | None = None
    start: int = 0
    stop: int | None = None
    annotations: frozenset[str] = field(default=frozenset(), init=False)

    @classmethod
    def of(cls, build: Callable[..., QuerySet], **arguments: Any) -> "PreparedRows":
        """The rows of `build(**arguments)`: few and hashable ones, each of them a statement of its own."""
        return cls((build, tuple(sorted(arguments.items()))))

    @property
    def model(self) -> type[Model]:
        return _model_of(self.source)

    def filter(self, *conditions: Any, **lookups: Any) -> Any:
        """Another of this kind, for comparisons of columns with values; else a queryset."""
        if conditions or not all(map(_compares, lookups.values())) or not all(map(self._knows, lookups)):
            return self.as_queryset().filter(*conditions, **lookups)
        read = [(name, _as_field_has_it(self.source, name, value)) for name, value in lookups.items()]
        return replace(self, lookups=(*self.lookups, *read))

    def order_by(self, *names: str) -> "PreparedRows":
        return replace(self, ordering=names)

    def select(self, columns: Columns) -> "PreparedRows":
        return replace(self, columns=columns)

    def __getitem__(self, part: slice) -> "PreparedRows":
        return replace(self, start=part.start or 0, stop=part.stop)

    def __iter__(self) -> Iterator[Any]:
        if self.columns is None:
            return iter(self.as_queryset())
        names = tuple(name for name, _ in self.lookups)
        query = _prepared(self.source, names, self.ordering, self.columns, self.start, self.stop)
        return iter(query.fetch(**{_parameter(place): value for place, (_, value) in enumerate(self.lookups)}))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.as_queryset(), name)

    def as_queryset(self) -> QuerySet:
        """What it stands for."""
        rows = _build(self.source)
        for name, value in self.lookups:
            # As the prepared statement compares lists: of IN with many keys PostgreSQL may read the whole table.
            rows = rows.filter(one_of(name.removesuffix("__in"), value) if name.endswith("__in") else (name, value))
        rows = rows.order_by(*self.ordering) if self.ordering else rows
        rows = rows.values_list(*self.columns.expressions) if self.columns else rows
        return rows[self.start : self.stop] if self.start or self.stop is not None else rows

    def _knows(self, lookup: str) -> bool:
        return _compared_field(self.source, lookup) is not None


def select(rows: Any, columns: Columns) -> Any:
    """These columns of a queryset's, or of PreparedRows."""
    if isinstance(rows, PreparedRows):
        return rows.select(columns)
    return rows.prefetch_related(None).values_list(*columns.expressions)


def as_queryset(rows: Any) -> QuerySet:
    """A queryset, of these rows."""
    found: QuerySet = rows.as_queryset() if isinstance(rows, PreparedRows) else rows
    return found


def annotations_of(rows: Any) -> Any:
    """Names of what was annotated to a queryset since it was built; PreparedRows have nothing of the kind."""
    return rows.annotations if isinstance(rows, PreparedRows) else rows.query.annotations


def _build(source: _Source) -> QuerySet:
    build, arguments = source
    return build(**dict(arguments))


@lru_cache(maxsize=_WAYS)
def _model_of(source: _Source) -> type[Model]:
    return _build(source).model


@lru_cache(maxsize=_WAYS)
def _prepared(
    source: _Source, names: Sequence[str], ordering: Sequence[str], columns: Columns, start: int, stop: int | None
) -> CompiledQuery:
    return CompiledQuery(lambda: _asked(source, names, ordering)[start:stop].values_list(*columns.expressions))


def _asked(source: _Source, names: Sequence[str], ordering: Sequence[str]) -> QuerySet:
    rows = _build(source)
    for place, name in enumerate(names):
        value = Param(_parameter(place), _known_field(source, name))
        is_list = name.endswith("__in")
        rows = rows.filter(EqualsAny(name.removesuffix("__in"), value) if is_list else (name, value))
    return rows.order_by(*ordering) if ordering else rows


def _parameter(place: int) -> str:
    return f"value_{place}"


def _compares(value: Any) -> bool:
    """Not with NULL, nor with an expression."""
    return value is not None and not hasattr(value, "resolve_expression")


def _as_field_has_it(source: _Source, lookup: str, value: Any) -> Any:
    """Texts, as cursors have them, are read as the field reads them. Raises Django's ValidationError."""
    compared = _known_field(source, lookup)
    if lookup.endswith("__in"):
        return [compared.to_python(each) for each in value]
    return compared.to_python(value) if isinstance(value, str) else value


def _known_field(source: _Source, lookup: str) -> Field:
    compared = _compared_field(source, lookup)
    if compared is None:
        raise TypeError(f"{lookup} compares no column.")
    return compared


@lru_cache(maxsize=_WAYS)
def _compared_field(source: _Source, lookup: str) -> Field | None:
    """The column that a lookup compares; None where it does something else."""
    *path, last = lookup.split(LOOKUP_SEP)
    if last not in _COMPARISONS:
        path.append(last)
    found = _column(_model_of(source), path)
    while isinstance(found, ForeignKey):
        found = found.target_field
    return found


def _column(model: type[Model], path: Sequence[str]) -> Field | None:
    """One of the model's own; joins are left to the queryset."""
    if len(path) != 1:
        return None
    name = "id" if path[0] == "pk" else path[0]
    return next((each for each in model._meta.concrete_fields if name in (each.name, each.attname)), None)
