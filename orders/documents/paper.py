"""What all documents look like: a title, blocks of facts, tables that go on over pages, a footer with the page."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext
from fpdf import FPDF, FontFace
from fpdf.enums import TableBordersLayout, XPos, YPos

from shared.pdf import FAMILY, prepared, printable

_INK, _MUTED, _SHADE = (33, 31, 28), (110, 104, 94), (240, 237, 231)


class Column(NamedTuple):
    title: str
    width: int
    is_number: bool = False


class Paper(FPDF):
    """`label` stands at the foot of every page."""

    label = ""

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font(FAMILY, "", 7)
        self.set_text_color(*_MUTED)
        page = gettext("page %(number)s of %(all)s") % {"number": self.page_no(), "all": "{nb}"}
        self.cell(0, 5, f"{printable(self.label)} · {page}", align="C")
        self.set_text_color(*_INK)


def new_paper(title: str, label: str) -> Paper:
    paper = prepared(Paper(), title)
    paper.label = label
    paper.set_text_color(*_INK)
    paper.add_page()
    say(paper, title, size=18, bold=True)
    paper.ln(2)
    return paper


def say(paper: Paper, text: str, *, size: int = 9, bold: bool = False, right: bool = False) -> None:
    """A paragraph over the whole width."""
    paper.set_font(FAMILY, "B" if bold else "", size)
    paper.multi_cell(0, size * 0.55, printable(text), align="R" if right else "L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def say_facts(paper: Paper, facts: Sequence[tuple[str, str]]) -> None:
    """Names and values, one under the other; what is empty is left out."""
    for name, value in facts:
        if value:
            paper.set_font(FAMILY, "B", 9)
            paper.cell(48, 5, printable(name))
            paper.set_font(FAMILY, "", 9)
            paper.multi_cell(0, 5, printable(value), new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def draw_table(paper: Paper, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    """Its head is repeated on every page."""
    paper.ln(3)
    paper.set_font(FAMILY, "", 8)
    with paper.table(
        col_widths=[column.width for column in columns],
        text_align=["RIGHT" if column.is_number else "LEFT" for column in columns],
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(emphasis="BOLD", fill_color=_SHADE),
        line_height=4.5,
        padding=1,
    ) as table:
        table.row([column.title for column in columns])
        for row in rows:
            table.row([printable(cell) for cell in row])
    paper.ln(3)


def amount(text: str) -> str:
    """A decimal string as the reader's language writes it."""
    return number_format(text, decimal_pos=len(text.partition(".")[2]), force_grouping=True)


def count(units: int) -> str:
    return number_format(units, force_grouping=True)


def percent(rate: str) -> str:
    """A share as per cent: 0.19 is 19 %."""
    whole, _, fraction = rate.partition(".")
    digits = (fraction + "00")[:2]
    shown = f"{int(whole + digits)}.{fraction[2:]}".rstrip(".")
    return f"{number_format(shown)} %"
