"""Which row holds the headers, and which column a header means, in any of our languages. Reads no database."""

import re
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from exchange.languages import in_every_language
from exchange.models.data_import import Import
from exchange.reading.table import Line, Row
from exchange.resources.header_aliases import NAME_BESIDE
from exchange.resources.of_import import custom_fields_of_resource, resource_of
from exchange.resources.resource import CUSTOM_PREFIX, ID, Column
from users.models.custom_field import CustomField

# Headers are looked for in so many rows, and what stands above them is narrower than they are.
LOOKED_AT = 30


def plain(header: str) -> str:
    """A header without case, spaces and signs: “E-Mail address ” is emailaddress."""
    return re.sub(r"[^\w']|_", "", header.casefold())


class Guesser:
    def __init__(self, columns: Iterable[Column], custom_fields: Iterable[CustomField]) -> None:
        columns = list(columns)
        known: dict[str, str] = {}
        for column in columns:
            for text in column.aliases:
                known.setdefault(plain(text), column.name)
        # What a column is called here goes before what others call theirs.
        for column in columns:
            known |= {plain(text): column.name for text in (column.name, *in_every_language(column.label))}
        for field in custom_fields:
            name = f"{CUSTOM_PREFIX}{field.key}"
            known = {plain(text): name for text in (name, field.key, field.label)} | known
        self._known = known
        self._names = {column.name for column in columns}

    def headers_of(self, lines: Sequence[Line]) -> int:
        """The place of the row that holds the headers: the first one, unless a wider one below it names more columns
        that we know (above it stand a title, a date, who made the list)."""
        known = [len(self._mapping_of_headers(line.cells)) for line in lines]
        best = max(range(len(lines)), key=lambda place: (known[place], -place), default=0)
        widest = max((_count_filled(line.cells) for line in lines[:best]), default=0)
        if known and known[best] > max(1, known[0]) and widest < _count_filled(lines[best].cells):
            return best
        return self._below_titles(lines) if known and not known[best] else 0

    def _below_titles(self, lines: Sequence[Line]) -> int:
        """Where no header is known: the first row below those that have one cell only."""
        widths = [_count_filled(line.cells) for line in lines]
        if not widths or widths[0] > 1 or max(widths) < 3:
            return 0
        return next(place for place, width in enumerate(widths) if width > 1)

    def mapping(self, headers: Sequence[str], *, left_out: Iterable[int] = ()) -> dict[str, str]:
        """Place in the row → name of the column, each column once; headers that mean nothing to us are left out, and
        so are the columns at `left_out`."""
        shown = [header if place not in set(left_out) else "" for place, header in enumerate(headers)]
        return self._names_beside(shown, self._mapping_of_headers(shown))

    def _mapping_of_headers(self, headers: Sequence[str]) -> dict[str, str]:
        mapping: dict[str, str] = {}
        for place, header in enumerate(headers[:300]):
            meant = self._known.get(plain(header)) if len(header) < 200 else None
            if meant is not None and meant not in mapping.values():
                mapping[str(place)] = meant
        return mapping

    def _names_beside(self, headers: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
        """“Name” beside “Vorname” is the last name, and beside “Surname” the first."""
        found = dict(mapping)
        places = {plain(header): place for place, header in reversed(list(enumerate(headers)))}
        for beside, names, meant in NAME_BESIDE:
            if meant not in self._names or meant in found.values() or not places.keys() & set(beside):
                continue
            place = next((places[name] for name in names if name in places), None)
            if place is not None and found.get(str(place), "name") == "name":
                found[str(place)] = meant
        return found


def without_foreign_ids(mapping: Mapping[str, str], samples: Sequence[Row]) -> dict[str, str]:
    """Shops number their customers; a column of ids that are none of ours means nothing to us."""

    def is_ours(place: int) -> bool:
        return all(_is_id(row[place]) for row in samples if place < len(row) and row[place].strip())

    return {place: name for place, name in mapping.items() if name != ID or is_ours(int(place))}


def _is_id(cell: str) -> bool:
    try:
        UUID(cell.strip())
    except ValueError:
        return False
    return True


def _count_filled(cells: Row) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def guesser_of(data_import: Import) -> Guesser:
    resource = resource_of(data_import)
    return Guesser(resource.all_columns, custom_fields_of_resource(resource))
