"""Whatever a text is: exported and imported, it is the same."""

import io
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.exporting.files import csv_pieces
from exchange.exporting.workbook import xlsx_pieces
from exchange.reading.open_table import open_table
from exchange.reading.table import Table
from exchange.resources.cells import read_cell
from exchange.spreadsheets.formula_escaping import neutralize, restore

# What forms and the API store: no NUL, nothing around it; and often what a spreadsheet would run.
signs = st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffd")
stored = st.text(signs, max_size=40).map(str.strip)
begins = st.sampled_from(["=", "+", "-", "@", "'", "''=", "'-", "\uff1d"])


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


doubtful = st.sampled_from(["#N/A", "'#REF!", "####", "3.80501E+11", "1,5e-7", "_x0041_", "a_x005F_", "=A1", '="7"'])
# As files are read: letters that Unicode has twice, in the way that it recommends (U+F900 is U+8C48).
texts = st.one_of(stored, doubtful, st.tuples(begins, stored).map("".join)).map(str.strip).map(_composed)


@settings(deadline=None)
@given(texts)
def test_a_text_comes_back_and_runs_nowhere(text: str) -> None:
    cell = neutralize(text)

    assert restore(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d"))


@pytest.mark.django_db
@settings(deadline=None)
@given(st.lists(st.tuples(texts, texts), max_size=5))
def test_rows_come_back_from_csv(rows: list[tuple[str, str]]) -> None:
    file = io.BytesIO(b"".join(csv_pieces(["one", "two"], rows)))

    assert read_again(open_table(file, delimiter=",")) == [("one", "two"), *filter(any, rows)]


@pytest.mark.django_db
@settings(deadline=None)
@given(st.lists(st.tuples(texts, texts), max_size=3))
def test_rows_come_back_from_a_workbook(rows: list[tuple[str, str]]) -> None:
    file = io.BytesIO(b"".join(xlsx_pieces(["one", "two"], rows)))

    assert read_again(open_table(file)) == [("one", "two"), *filter(any, rows)]


def read_again(table: Table) -> list[tuple[str, ...]]:
    """Two columns as an import takes them; rows without anything are none."""
    return [tuple(read_cell(cell) for cell in [*line.cells, "", ""][:2]) for line in table.rows() if line.cells]
