"""One row of a file as values for the books, or what is wrong with it. Reads no rows of the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from exchange.checking.column_sources import Source, sources_of
from exchange.reading.table import Row
from exchange.resources.cells import Takes, Wrong, read_cell
from exchange.resources.resource import CUSTOM_PREFIX, KEEP, Column, ImportResource, Values
from shared.errors import InvalidInput
from users.custom_fields import validate_custom_fields
from users.models.custom_field import CustomField, CustomFieldKind

TAKES_OF_FIELDS: dict[str, Takes] = {
    CustomFieldKind.TEXT: "text",
    CustomFieldKind.NUMBER: "number",
    CustomFieldKind.DATE: "date",
    CustomFieldKind.BOOLEAN: "text",
    CustomFieldKind.CHOICE: "text",
}
Fault = dict[str, str]
_MAX_TAG_LENGTH = 60


def fault(column: str, text: str) -> Fault:
    """`column` is what the fault is about, as people call it."""
    return {"column": column, "text": text}


@dataclass(slots=True)
class CleanRow:
    """See ImportRow for what each means."""

    number: int
    key: str = ""
    values: Values = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    tags: list[str] | None = None
    errors: list[Fault] = field(default_factory=list)
    needs: list[Fault] = field(default_factory=list)


class RowValidator:
    """`mapping`: place in the row → name of the column; `key`: the column that finds the record."""

    def __init__(
        self,
        resource: ImportResource,
        *,
        mapping: Mapping[str, str],
        headers: Row,
        key: str,
        clears_empty: bool,
        custom_fields: Iterable[CustomField],
    ) -> None:
        self._kind = resource
        self._key = key
        self._clears_empty = clears_empty
        self._width = len(headers)
        self._sources = sources_of(resource, mapping, headers)
        self._custom = [
            (int(place), custom)
            for place, name in mapping.items()
            for custom in custom_fields
            if name == f"{CUSTOM_PREFIX}{custom.key}"
        ]
        self._links = {link.column for link in resource.links}
        mapped = set(mapping.values()) | {source.column.name for source in self._sources}
        self._never_there = [
            fault(_(column.label), _("A new record needs it, and the file has no such column."))
            for column in resource.columns
            if column.is_required and column.name not in mapped
        ] + [
            fault(custom.label, _("A new record needs it, and the file has no such column."))
            for custom in custom_fields
            if custom.is_required and f"{CUSTOM_PREFIX}{custom.key}" not in mapped
        ]

    def clean(self, number: int, cells: Row) -> CleanRow:
        row = CleanRow(number, needs=list(self._never_there))
        if len(cells) > self._width:
            text = _("The row has %(found)s cells under %(headers)s headers. Is a quotation mark or delimiter missing?")
            row.errors.append(fault("", text % {"found": len(cells), "headers": self._width}))
        for source in self._sources:
            self._take_cell(row, source, cells)
        if self._custom:
            self._take_custom(row, cells)
        self._kind.derive(row.values)
        return row

    def _take_cell(self, row: CleanRow, source: Source, cells: Row) -> None:
        column = source.column
        try:
            text = source.text(cells)
            if "\0" in text:
                raise Wrong(_("The cell contains a NUL character."))
            if text:
                self._put_value(row, column, column.parse(text))
            else:
                self._take_empty(row, column)
        except Wrong as wrong:
            row.errors.append(fault(_(column.label), str(wrong)))

    def _put_value(self, row: CleanRow, column: Column, value: Any) -> None:
        if column.name == self._key:
            row.key = str(value)
        if column.name == "id":
            return
        if column.name in self._links:
            row.links[column.name] = value
        elif column.name == "tags":
            row.tags = [name.strip() for name in value.split(",") if name.strip()]
            if any(len(name) > _MAX_TAG_LENGTH for name in row.tags):
                raise Wrong(
                    _("A tag has at most %(limit)s characters; tags are separated by commas.")
                    % {"limit": _MAX_TAG_LENGTH}
                )
        else:
            row.values[column.name] = value

    def _take_empty(self, row: CleanRow, column: Column) -> None:
        if column.is_required:
            missing = fault(_(column.label), _("The cell is empty."))
            (row.errors if self._clears_empty else row.needs).append(missing)
        elif self._clears_empty and column.name == "tags":
            row.tags = []
        elif self._clears_empty and column.empty is not KEEP and column.name != "id":
            row.values[column.name] = column.empty

    def _take_custom(self, row: CleanRow, cells: Row) -> None:
        given: dict[str, Any] = {}
        for place, custom in self._custom:
            try:
                text = read_cell(cells[place], TAKES_OF_FIELDS[custom.kind]) if place < len(cells) else ""
            except Wrong as wrong:
                row.errors.append(fault(custom.label, str(wrong)))
                continue
            if text or self._clears_empty:
                given[custom.key] = text or None
            if f"{CUSTOM_PREFIX}{custom.key}" == self._key:
                row.key = text
            if custom.is_required and not text:
                missing = fault(custom.label, _("The cell is empty."))
                (row.errors if self._clears_empty else row.needs).append(missing)
        row.values["custom_fields"] = {**dict.fromkeys(given), **self._valid_custom_fields(row, given)}

    def _valid_custom_fields(self, row: CleanRow, given: Mapping[str, Any]) -> dict[str, Any]:
        fields = [custom for _place, custom in self._custom if given.get(custom.key) is not None]
        chosen = {custom.key: given[custom.key] for custom in fields}
        try:
            return validate_custom_fields(self._kind.custom, chosen, fields=fields)  # type: ignore[arg-type]
        except InvalidInput as refusal:
            labels = {f"/custom_fields/{custom.key}": custom.label for custom in fields}
            row.errors += [fault(labels.get(f["pointer"], ""), f["detail"]) for f in refusal.data["errors"]]
            return {}
