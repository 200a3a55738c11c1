"""What a dry run says of a file beside its errors: what is left out, and what is not as it looks."""

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exchange.checking.column_mapping import Guesser
from exchange.reading.table import Line, Row, Table


def notes_of_file(*, above: Iterable[Line], headers: Row, guesser: Guesser, table: Table) -> list[str]:
    """`above`: rows above the headers. What of a workbook is hidden is complete when all of its rows were read."""
    return [*_note_on_lines_above(above), *_notes_on_double_headers(headers, guesser), *table.notes()]


def _note_on_lines_above(lines: Iterable[Line]) -> list[str]:
    shown = " | ".join(cell.strip() for line in lines for cell in line.cells if cell.strip())
    return (
        [_("What stands above the headers is left out: %(cells)s.") % {"cells": storable(shown[:200])}] if shown else []
    )


def _notes_on_double_headers(headers: Row, guesser: Guesser) -> list[str]:
    """Headers that stand over two columns, of which one is taken."""
    known = [header for header in headers if header and guesser.mapping([header])]
    twice = ", ".join(header for header, count in Counter(known).items() if count > 1)
    text = _("Several columns have the same header, and the first of them is taken: %(headers)s.")
    return [text % {"headers": twice}] if twice else []


def notes_of_deleted(count: int) -> list[str]:
    """`count`: rows that make a record anew that was deleted. What is deleted is never changed unseen."""
    text = ngettext(
        "%(count)s row is of a record that was deleted: a new one is made. Restore the old one first to keep it.",
        "%(count)s rows are of records that were deleted: new ones are made. Restore the old ones first to keep them.",
        count,
    )
    return [text % {"count": count}] if count else []


def storable(text: str) -> str:
    """PostgreSQL's texts have no NUL, and no halves of surrogate pairs."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
