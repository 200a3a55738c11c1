"""How each kind of record is read: by which of REST's routes, and how its view shows it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import Http404

from shared.api.shapes.shape import Shape
from shared.errors import InvalidInput
from shared.graphql.connections import Page, cursor_of_values, keyset_cursor, read_keyset, rest_cursor
from shared.graphql.doors import Context, Door
from shared.graphql.lateral import PARENT_KEY, first_columns_per_parent, newest_per_parent
from shared.graphql.rows import Level, Row
from shared.planner.lookups import one_of
from shared.planner.prepared import Columns, as_queryset

Shown = Sequence[Mapping[str, Any]]


def _all_of(view: Any) -> QuerySet[Any]:
    return as_queryset(view.get_queryset())


def _by_records(_view: Any) -> None:
    return None


def _by_serializer(view: Any, records: Sequence[Any]) -> Shown:
    return list(view.get_serializer(records, many=True).data)


@dataclass(frozen=True, slots=True)
class Kind:
    """`many` lists such records, `single` shows one. `rows`: those that exist for whoever opened the view. `show`: what
    REST shows of them.

    Where it pays, rows are read by columns, as REST reads its lists: `listed_as` has the members of a page of `many`,
    `hanging_as` those of rows that hang on others, and all the rows that there are. None for whoever opened the view:
    by records, which say the same."""

    many: Door
    single: Door
    rows: Callable[[Any], QuerySet[Any]] = _all_of
    show: Callable[[Any, Sequence[Any]], Shown] = _by_serializer
    listed_as: Callable[[Any], Shape | None] = _by_records
    hanging_as: Callable[[Any], tuple[Shape, Callable[[], QuerySet[Any]]] | None] = _by_records

    def list_rows(self, context: Context, *, first: int, after: str | None, **params: Any) -> Page:
        """A page of REST's own list, with its filters and its ways to the page."""
        view = self.many.open(context, limit=first, cursor=after, **params)
        shape, paginator = self.listed_as(view), view.paginator
        rows = view.filter_queryset(view.get_queryset())
        records = (
            paginator.page_of_columns(rows, view.request, view, shape.columns)
            if shape
            else view.paginate_queryset(rows)
        )
        # REST's `previous` has such cursors; a connection goes forwards alone.
        if paginator.cursor is not None and paginator.cursor.reverse:
            raise InvalidInput(("/after", "invalid", "The cursor is not one of ours."))
        level = Level(list(map(shape.of_row, records)) if shape else self.show(view, records), records)
        return Page(level.rows, has_next=paginator.has_next, cursor_at=lambda index: rest_cursor(paginator, index))

    def read_one(self, context: Context, pk: str) -> Row:
        """Raises Http404 for another's row as for none."""
        found = self.read_by_ids(context, [pk]).get(str(pk))
        if found is None:
            raise Http404
        return found

    def read_by_ids(self, context: Context, ids: Sequence[Any]) -> dict[str, Row]:
        """Those of the rows that exist for whoever asks, in one statement besides what REST prefetches."""
        view = self.single.open(context)
        keys = [key for each in ids if (key := _as_uuid(each)) is not None]
        records = list(self.rows(view).filter(one_of("pk", keys)).order_by()) if keys else []
        rows = Level(self.show(view, records), records).rows
        return {str(row.record.pk): row for row in rows}

    def linked(self, context: Context, row: Row, name: str) -> Row | None:
        """The row that `row` points at: read once for all the rows of its level. Raises Http404."""
        key = row[name]
        if key is None:
            return None
        keys = {each[name] for each in row.level.rows if each[name] is not None}
        found = row.level.once(("link", name), lambda: self.read_by_ids(context, sorted(keys, key=str)))
        if str(key) not in found:
            raise Http404
        return found[str(key)]

    def hanging(
        self,
        context: Context,
        row: Row,
        *,
        field: str,
        order: Sequence[str],
        first: int,
        after: str | None,
        parents: Callable[[Level], Mapping[UUID, UUID]] | None = None,
        holder: Callable[[Row], UUID | None] | None = None,
    ) -> Page:
        """The first of these records that hang on `row` by `field`: read at once for all the rows of its level.
        `parents`: what else belongs to each row, and to which. `holder`: of which record a row shows them, or of
        none."""
        at: Callable[[Row], UUID | None] = holder or key_of

        def read() -> dict[UUID, list[Row]]:
            view = self.many.open(context)
            by_columns = self.hanging_as(view) if after is None else None
            whose = parents(row.level) if parents else {key: key for key in map(at, row.level.rows) if key}
            if by_columns:
                return _hanging_by_columns(*by_columns, field=field, whose=whose, order=tuple(order), limit=first + 1)
            rows = self.rows(view)
            values = read_keyset(after, rows.model, order)
            if not whose:
                return {}
            records = newest_per_parent(rows, field=field, parents=whose, order=order, limit=first + 1, after=values)
            return _grouped(self.show(view, records), records, whose, lambda record: getattr(record, PARENT_KEY))

        key = (self, field, first, after)
        hangs_on = at(row)
        found = row.level.once(key, read).get(hangs_on, []) if hangs_on else []
        page = found[:first]
        return Page(page, has_next=len(found) > first, cursor_at=lambda index: _cursor_of(page[index].record, order))


def _hanging_by_columns(
    shape: Shape,
    build: Callable[[], QuerySet[Any]],
    *,
    field: str,
    whose: Mapping[UUID, UUID],
    order: tuple[str, ...],
    limit: int,
) -> dict[UUID, list[Row]]:
    if not whose:
        return {}
    columns = _with_place(shape, field, order)
    found = first_columns_per_parent(build, columns, field=field, parents=whose, order=order, limit=limit)
    return _grouped(list(map(shape.of_row, found)), found, whose, lambda row: row[-1])


@lru_cache(maxsize=100)
def _with_place(shape: Shape, field: str, order: tuple[str, ...]) -> Columns:
    """The shape's, then what a row stands at in `order`, and last what it hangs on."""
    place = [F(name.removeprefix("-")) for name in order]
    return Columns((*shape.columns().expressions, *place, F(field)))


def _grouped(
    shown: Shown, records: Sequence[Any], whose: Mapping[UUID, UUID], parent_of: Callable[[Any], UUID]
) -> dict[UUID, list[Row]]:
    grouped: dict[UUID, list[Row]] = {}
    for each in Level(shown, records).rows:
        grouped.setdefault(whose[parent_of(each.record)], []).append(each)
    return grouped


def _cursor_of(record: Any, order: Sequence[str]) -> str:
    if isinstance(record, tuple):
        return cursor_of_values(record[-1 - len(order) : -1])
    return keyset_cursor(record, order)


def key_of(row: Row) -> UUID:
    return UUID(str(row["id"]))


def _as_uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
