"""Text in a column of a document."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.pdf.document import FAMILY, Document, new_pdf
from shared.pdf.wrapping import text_width, wrapped

WORDS = st.text(alphabet="aWЩЖ.- \n", max_size=60)


@pytest.fixture(scope="module")
def paper() -> Iterator[Document]:
    pdf = new_pdf("Words")
    pdf.add_page()
    pdf.set_font(FAMILY, "", 8)
    yield pdf
    pdf.output()  # closes the fonts' files


@given(text=WORDS, room=st.floats(min_value=4, max_value=60))
def test_lines_fit_the_column_and_lose_no_letter(paper: Document, text: str, room: float) -> None:
    lines = wrapped(paper, text, room)

    assert lines
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(text_width(paper, line) <= room + 1e-9 for line in lines)
    assert all(text_width(paper, line) == pytest.approx(paper.get_string_width(line)) for line in lines)
