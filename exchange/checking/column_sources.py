"""Where a column of ours comes from in a row: its own cell, or others that make it together. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from exchange.reading.table import Row
from exchange.resources.cells import read_cell
from exchange.resources.resource import Column, ImportResource, Parts

# Google marks the main one of several addresses with a star, in the column beside it: "E-mail 2 - Label".
_VALUE = re.compile(r"(.+ \d+ - )Value")
_MAIN = "*"


@dataclass(frozen=True, slots=True)
class Place:
    """A column of the file, what it means, and the column that may mark it as the main one."""

    number: int
    column: Column
    label: int | None = None

    def text(self, cells: Row) -> str:
        """Raises Wrong."""
        return read_cell(cells[self.number], self.column.takes) if self.number < len(cells) else ""

    def is_main(self, cells: Row) -> bool:
        return self.label is not None and self.label < len(cells) and cells[self.label].startswith(_MAIN)


@dataclass(frozen=True, slots=True)
class Source:
    """`own`: the cell of the column itself; what is in it goes before its parts."""

    column: Column
    own: Place | None
    parts: tuple[Place, ...] = ()
    joined_by: str = " "
    is_first: bool = False

    def text(self, cells: Row) -> str:
        """Raises Wrong."""
        if self.is_first:
            return self._first_filled(cells)
        text = self.own.text(cells) if self.own else ""
        return text or self.joined_by.join(filter(None, (part.column.parse(part.text(cells)) for part in self.parts)))

    def _first_filled(self, cells: Row) -> str:
        places = ([self.own] if self.own else []) + list(self.parts)
        places.sort(key=lambda place: not place.is_main(cells))
        return next((text for place in places if (text := place.text(cells))), "")


def sources_of(resource: ImportResource, mapping: Mapping[str, str], headers: Row) -> list[Source]:
    """In the order of the kind's columns. `mapping`: place in the row → name of the column."""
    places = {name: int(place) for place, name in mapping.items()}
    made_of = {parts.column: parts for parts in resource.parts}
    found = (_source_of_column(column, made_of.get(column.name), places, headers) for column in resource.columns)
    return [source for source in found if source.own or source.parts]


def _source_of_column(column: Column, made_of: Parts | None, places: Mapping[str, int], headers: Row) -> Source:
    own = _place_of_column(column, places, headers)
    source = Source(column, own)
    if made_of is None:
        return source
    parts = tuple(place for part in made_of.parts if (place := _place_of_column(part, places, headers)))
    return replace(source, parts=parts, joined_by=made_of.joined_by, is_first=made_of.is_first)


def _place_of_column(column: Column, places: Mapping[str, int], headers: Row) -> Place | None:
    number = places.get(column.name)
    if number is None:
        return None
    value = _VALUE.fullmatch(headers[number]) if number < len(headers) else None
    labels = [f"{value[1]}Label", f"{value[1]}Type"] if value else []
    return Place(number, column, next((headers.index(label) for label in labels if label in headers), None))
