"""Who changed what a page asks about, and when: out of the history of records."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.translation import gettext as _

from shared.admin.conflicts.merging import Place
from shared.history.tracking import tables_shown_with, tracked_tables
from shared.models.record_change import RecordChange

_MOST_READ = 200  # changes of a record, newest first; what is older has been seen
CUSTOM_FIELDS = "custom__"


class Author(NamedTuple):
    """`who` may be nobody that is known, and `at` unknown, for records without a history."""

    who: str
    at: Any


def authors_of(record: Model, places: Sequence[Place]) -> list[Author]:
    """In the same order. One statement."""
    changes = _changes_of(record, places) if places else []
    return [_author_of(next((change for change in changes if _is_about(change, place)), None)) for place in places]


def _changes_of(record: Model, places: Iterable[Place]) -> list[RecordChange]:
    keys = {str(record.pk), *(place.row_key for place in places if place.row_key)}
    tables = set(tables_shown_with(type(record)))
    tables |= {place.row._meta.db_table for place in places if place.row is not None}
    found = RecordChange.objects.filter(record__in=keys, table__in=tables).select_related("actor")
    return list(found.order_by("-at", "-id")[:_MOST_READ])


def _author_of(change: RecordChange | None) -> Author:
    if change is None:
        return Author(_("Somebody"), None)
    return Author(str(change.actor or _("Kontor itself")), change.at)


def _is_about(change: RecordChange, place: Place) -> bool:
    columns = {**change.before, **change.after}
    if place.row is None:  # a row that is gone
        return change.operation == "D" and str(columns.get("id")) == place.row_key
    table, column = _table_and_column(place)
    if change.table != table or (column and column not in columns):
        return False
    return not place.row_key or _is_of_row(change, place, columns)


def _is_of_row(change: RecordChange, place: Place, columns: dict[str, Any]) -> bool:
    """Of a row that is part of a record: known by its key, or by the columns that each of its changes keeps."""
    if "id" in columns or change.record == place.row_key:
        return place.row_key in {change.record, str(columns.get("id"))}
    kept = tracked_tables()[change.table].keep
    return all(str(columns.get(column)) == str(getattr(place.row, column, None)) for column in kept)


def _table_and_column(place: Place) -> tuple[str, str]:
    """The table and column that a field is kept in; no column for rows of a table between two."""
    if place.row is None:
        return "", ""
    meta = place.row._meta
    name = "custom_fields" if place.field.startswith(CUSTOM_FIELDS) else place.field
    try:
        column = meta.get_field(name) if name else None
    except FieldDoesNotExist:
        return meta.db_table, ""
    if column is not None and column.many_to_many:
        return column.remote_field.through._meta.db_table, ""  # type: ignore[union-attr]
    return meta.db_table, str(getattr(column, "column", "")) if column is not None else ""
