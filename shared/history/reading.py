"""What changed, in words: columns by their names, keys by what they stand for."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast

from django.db.models import Field, Model
from django.utils.dateparse import parse_datetime
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from shared.clock import readers_time
from shared.history.tracking import Tracked, tracked_tables
from shared.models.record_change import RecordChange

_NAMES = ("name", "title", "email", "sku", "number")  # what a row is known by, the first that it has
_MOST_SHOWN = 300  # characters of one value


class Difference(NamedTuple):
    label: str
    before: str
    after: str


class Shown(NamedTuple):
    """One change, ready to be read. `part` names the linked row that it is about, if not the record itself."""

    change: RecordChange
    part: str
    differences: list[Difference]


def read_changes(changes: Sequence[RecordChange]) -> list[Shown]:
    """In the same order. One statement for each kind of row that the changes point at."""
    tables = tracked_tables()
    names = _names_of(_keys_in(changes, tables))
    return [_shown_change(change, tables.get(change.table), names) for change in changes]


def kind_of(table: str) -> str:
    """What the rows of a table are called."""
    tracked = tracked_tables().get(table)
    if tracked is None:
        return table
    meta = tracked.model._meta
    if meta.auto_created:  # Django's own name for rows that link two is in English
        linked = [field.related_model for field in meta.concrete_fields if field.related_model is not None]
        return capfirst(" / ".join(str(model._meta.verbose_name) for model in linked))
    return capfirst(_(str(meta.verbose_name)))  # a name that its package has left in English may be among our texts


def columns_in(change: RecordChange) -> str:
    """Which columns a change is about, briefly."""
    tracked = tracked_tables().get(change.table)
    labels = [_label_of_column(tracked, column) for column in sorted({*change.before, *change.after} - {"id"})]
    return ", ".join(labels[:6]) + (" …" if len(labels) > 6 else "")


def _shown_change(change: RecordChange, tracked: Tracked | None, names: dict[Any, dict[str, str]]) -> Shown:
    differences = []
    for column in sorted({*change.before, *change.after} - {"id", tracked.parent if tracked else "id"}):
        before, after = change.before.get(column), change.after.get(column)
        if column == "custom_fields":
            differences += _of_custom_fields(before or {}, after or {})
            continue
        texts = [_text_of_value(tracked, column, value, names) for value in (before, after)]
        differences.append(Difference(_label_of_column(tracked, column), *texts))
    is_part = tracked is not None and tracked.parent != "id"
    return Shown(change, kind_of(change.table) if is_part else "", differences)


def _of_custom_fields(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    keys = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
    return [Difference(key, _plain_text(before.get(key)), _plain_text(after.get(key))) for key in keys]


def _field_of_column(tracked: Tracked | None, column: str) -> Any:
    fields = tracked.model._meta.concrete_fields if tracked else ()
    return next((field for field in fields if field.column == column), None)


def _label_of_column(tracked: Tracked | None, column: str) -> str:
    field = _field_of_column(tracked, column)
    if field is None:
        return column
    is_link = tracked is not None and tracked.model._meta.auto_created and field.related_model is not None
    named = field.related_model._meta if is_link else field
    return capfirst(str(named.verbose_name))


def _text_of_value(tracked: Tracked | None, column: str, value: Any, names: dict[Any, dict[str, str]]) -> str:
    field = _field_of_column(tracked, column)
    if value is None or field is None:
        return _plain_text(value)
    if field.related_model is not None:
        return names.get(field.related_model, {}).get(str(value), _plain_text(value))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    moment = parse_datetime(value) if field.get_internal_type() == "DateTimeField" and isinstance(value, str) else None
    return str(localize(readers_time(moment))) if moment is not None else _plain_text(value)


def _plain_text(value: Any) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def _keys_in(changes: Iterable[RecordChange], tables: dict[str, Tracked]) -> dict[type[Model], set[Any]]:
    found: dict[type[Model], set[Any]] = {}
    for change in changes:
        for values in (change.before, change.after):
            for column, value in values.items():
                field = _field_of_column(tables.get(change.table), column)
                if field is not None and field.related_model is not None and value is not None:
                    found.setdefault(field.related_model, set()).add(value)
    return found


def _names_of(keys: dict[type[Model], set[Any]]) -> dict[Any, dict[str, str]]:
    names = {}
    for model, wanted in keys.items():
        fields = {field.name for field in model._meta.concrete_fields}
        name = next((candidate for candidate in _NAMES if candidate in fields), None)
        if name is not None:
            rows = model._base_manager.filter(pk__in=wanted).values_list("pk", name)
            names[model] = {str(key): str(text) for key, text in rows}
    return names


def parent_model_of(table: str) -> type[Model] | None:
    """The model whose records' history the rows of this table belong to."""
    tracked = tracked_tables().get(table)
    if tracked is None or tracked.parent == "id":
        return tracked.model if tracked else None
    field = cast("Field[Any, Any]", _field_of_column(tracked, tracked.parent))
    return field.related_model
