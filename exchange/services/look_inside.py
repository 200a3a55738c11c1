"""Look at the first rows of a file, to guess what its columns mean."""

from itertools import dropwhile, islice

from django.utils.translation import gettext as _

from exchange.checking.column_mapping import LOOKED_AT, Guesser, guesser_of, without_foreign_ids
from exchange.checking.file_notes import notes_of_file, storable
from exchange.models.data_import import Import
from exchange.reading.open_table import open_table
from exchange.reading.table import Line, Unreadable
from exchange.resources.of_import import resource_of
from exchange.storage.stored_files import open_copy

_SAMPLES = 5
_LOOKED_THROUGH = 500


def look_inside(data_import: Import, *, encoding: str, delimiter: str, header_row: int | None = None) -> None:
    resource, guesser = resource_of(data_import), guesser_of(data_import)
    with open_copy(data_import.file_id) as copy:
        table = open_table(copy, encoding=encoding, delimiter=delimiter)
        rows = dropwhile(lambda line: line.number < (header_row or 1), table.rows())
        # A sheet may have a million empty rows with a colour: they are not looked through while somebody waits.
        lines = [line for line in islice(rows, _LOOKED_THROUGH) if line.cells][:LOOKED_AT]
        if not lines:
            raise Unreadable(_("The file is empty."))
        place = guesser.headers_of(lines) if header_row is None else 0
        _take_first_rows(data_import, lines[place:], guesser, left_out=table.hidden_columns())
        data_import.notes = notes_of_file(
            above=lines[:place], headers=data_import.headers, guesser=guesser, table=table
        )
        data_import.encoding, data_import.delimiter = table.encoding, table.delimiter
        data_import.doubts = [{"encoding": doubt.encoding, "lines": doubt.lines} for doubt in table.doubts]
        del rows
    mapped = set(data_import.mapping.values())
    data_import.key = next((key.name for key in resource.keys if key.name in mapped), resource.keys[0].name)


def _take_first_rows(data_import: Import, lines: list[Line], guesser: Guesser, *, left_out: frozenset[int]) -> None:
    """The headers, a few rows as samples, and what the columns seem to mean."""
    headers, *below = lines
    data_import.header_row = headers.number
    data_import.headers = [storable(cell.strip()[:200]) for cell in headers.cells]
    data_import.samples = [[storable(cell[:80]) for cell in line.cells] for line in below[:_SAMPLES]]
    meant = guesser.mapping(data_import.headers, left_out=left_out)
    data_import.mapping = without_foreign_ids(meant, [line.cells for line in below])
