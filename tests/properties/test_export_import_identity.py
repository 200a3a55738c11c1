"""Whatever a text is: exported and imported, it is the same."""

import io

from hypothesis import given
from hypothesis import strategies as st

from exchange.neutral import neutralize, restore
from exchange.tables.open_table import open_table
from exchange.writing import csv_pieces, xlsx_pieces

# What forms and the API store: no NUL, nothing around it; and often what a spreadsheet would run.
signs = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
stored = st.text(signs, max_size=40).map(str.strip)
texts = st.one_of(stored, st.tuples(st.sampled_from(["=", "+", "-", "@", "'", "''=", "'-"]), stored).map("".join)).map(
    str.strip
)
in_xml = st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=40)


@given(texts)
def test_a_text_comes_back_and_runs_nowhere(text: str) -> None:
    cell = neutralize(text)

    assert restore(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.tuples(texts, texts), max_size=5))
def test_rows_come_back_from_csv(rows: list[tuple[str, str]]) -> None:
    file = io.BytesIO(b"".join(csv_pieces(["one", "two"], rows)))

    read = [tuple(restore(cell) for cell in [*row, "", ""][:2]) for row in open_table(file, delimiter=",").rows()]

    assert read == [("one", "two"), *rows]


@given(st.lists(st.tuples(in_xml, in_xml), max_size=3))
def test_rows_come_back_from_a_workbook(rows: list[tuple[str, str]]) -> None:
    file = io.BytesIO(b"".join(xlsx_pieces(["one", "two"], rows)))

    read = [tuple(restore(cell) for cell in [*row, "", ""][:2]) for row in open_table(file).rows()]

    assert read == [("one", "two"), *rows]
