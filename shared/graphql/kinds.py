"""How each kind of record is read: by which of REST's routes, and how its view shows it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from shared.errors import InvalidInput
from shared.graphql.connections import Page, keyset_cursor, read_keyset, rest_cursor
from shared.graphql.doors import Context, Door
from shared.graphql.lateral import PARENT_KEY, newest_per_parent
from shared.graphql.rows import Level, Row
from shared.planner.lookups import one_of
from shared.planner.prepared import as_queryset

Shown = Sequence[Mapping[str, Any]]


def _all_of(view: Any) -> QuerySet[Any]:
    return as_queryset(view.get_queryset())


def _by_serializer(view: Any, records: Sequence[Any]) -> Shown:
    return list(view.get_serializer(records, many=True).data)


@dataclass(frozen=True, slots=True)
class Kind:
    """`many` lists such records, `single` shows one. `rows`: those that exist for whoever opened the view. `show`: what
    REST shows of them."""

    many: Door
    single: Door
    rows: Callable[[Any], QuerySet[Any]] = _all_of
    show: Callable[[Any, Sequence[Any]], Shown] = _by_serializer

    def list_rows(self, context: Context, *, first: int, after: str | None, **params: Any) -> Page:
        """A page of REST's own list, with its filters and its ways to the page."""
        view = self.many.open(context, limit=first, cursor=after, **params)
        records = view.paginate_queryset(view.filter_queryset(view.get_queryset()))
        paginator = view.paginator
        # REST's `previous` has such cursors; a connection goes forwards alone.
        if paginator.cursor is not None and paginator.cursor.reverse:
            raise InvalidInput(("/after", "invalid", "The cursor is not one of ours."))
        level = Level(self.show(view, records), records)
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
            rows = self.rows(view)
            whose = parents(row.level) if parents else {key: key for key in map(at, row.level.rows) if key}
            values = read_keyset(after, rows.model, order)
            if not whose:
                return {}
            records = newest_per_parent(rows, field=field, parents=whose, order=order, limit=first + 1, after=values)
            grouped: dict[UUID, list[Row]] = {}
            for each in Level(self.show(view, records), records).rows:
                grouped.setdefault(whose[getattr(each.record, PARENT_KEY)], []).append(each)
            return grouped

        key = (self, field, first, after)
        hangs_on = at(row)
        found = row.level.once(key, read).get(hangs_on, []) if hangs_on else []
        page = found[:first]
        return Page(page, has_next=len(found) > first, cursor_at=lambda index: keyset_cursor(page[index].record, order))


def key_of(row: Row) -> UUID:
    return UUID(str(row["id"]))


def _as_uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
