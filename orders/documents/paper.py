"""What all documents look like: a title, facts, tables that go on over pages, sums, a footer with the page."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext
from fpdf.enums import Align

from shared.pdf.document import FAMILY, Document, prepared
from shared.pdf.letters import is_own
from shared.pdf.paragraphs import write_cell, write_line, write_paragraph
from shared.pdf.wrapping import text_width, wrapped

_INK, _MUTED, _SHADE, _RULE = (33, 31, 28), (110, 104, 94), (240, 237, 231), (214, 208, 198)
_SIZE, _LINE, _PAD = 8, 4.2, 1.2  # of a table: points; millimetres a line is high, and left around a cell
_SUM_LINE, _SUM_WIDTH = 5.5, 32  # millimetres


class Column(NamedTuple):
    """`width` is a share of the page's width."""

    title: str
    width: int
    is_number: bool = False


class Sum(NamedTuple):
    name: str
    value: str
    is_total: bool = False


class Paper(Document):
    """`label` stands at the foot of every page."""

    label = ""

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font(FAMILY, "", 7)
        self.set_text_color(*_MUTED)
        page = gettext("page %(number)s of %(all)s") % {"number": self.page_no(), "all": "{nb}"}
        self.cell(0, 5, f"{self.printable(self.label)} · {page}", align="C")
        self.set_text_color(*_INK)


def new_paper(title: str, label: str) -> Paper:
    paper = prepared(Paper(), title)
    paper.label = label
    paper.set_text_color(*_INK)
    paper.set_draw_color(*_RULE)
    paper.set_fill_color(*_SHADE)
    paper.set_margins(12, 14)
    paper.add_page()
    say(paper, title, size=18, bold=True)
    paper.ln(3)
    return paper


def say(paper: Paper, text: str, *, size: int = 9, bold: bool = False) -> None:
    """A paragraph over the whole width."""
    paper.set_font(FAMILY, "B" if bold else "", size)
    write_paragraph(paper, size * 0.55, text)


def say_facts(paper: Paper, facts: Sequence[tuple[str, str]]) -> None:
    """Names and values, one under the other; what is empty is left out."""
    for name, value in facts:
        if value:
            paper.set_font(FAMILY, "B", 9)
            paper.cell(48, 5, paper.printable(name))
            paper.set_font(FAMILY, "", 9)
            write_paragraph(paper, 5, value)


def draw_table(paper: Paper, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    """Its head is repeated on every page, and no row is cut by the end of one. Cells are written where they belong: the
    library's own tables weigh every letter several times, ten times slower."""
    paper.ln(4)
    share = paper.epw / sum(column.width for column in columns)
    widths = [column.width * share for column in columns]
    heading = [column.title for column in columns]
    _draw_row(paper, columns, widths, heading, is_head=True)
    for row in rows:
        lines = _wrap_cells(paper, widths, row)
        if paper.will_page_break(_row_height(lines)):
            paper.add_page()
            _draw_row(paper, columns, widths, heading, is_head=True)
        _draw_lines(paper, columns, widths, lines)
    paper.ln(3)


def draw_sums(paper: Paper, sums: Sequence[Sum]) -> None:
    """Amounts one under the other at the right, all on one page."""
    if paper.will_page_break(len(sums) * _SUM_LINE + 3):
        paper.add_page()
    for name, value, is_total in sums:
        if is_total:
            paper.line(paper.l_margin + paper.epw / 2, paper.y + 1, paper.l_margin + paper.epw, paper.y + 1)
            paper.ln(2)
        paper.set_font(FAMILY, "B" if is_total else "", 11 if is_total else 9)
        value_width = max(_SUM_WIDTH, text_width(paper, value) + 4) if value else 0.1
        write_cell(paper, _SUM_LINE, paper.printable(name), width=paper.epw - value_width, align=Align.R)
        write_line(paper, _SUM_LINE, value, width=value_width, align=Align.R)
    paper.ln(2)


def _draw_row(
    paper: Paper, columns: Sequence[Column], widths: Sequence[float], cells: Sequence[str], *, is_head: bool
) -> None:
    paper.set_font(FAMILY, "B" if is_head else "", _SIZE)
    lines = _wrap_cells(paper, widths, cells)
    paper.rect(paper.l_margin, paper.y, paper.epw, _row_height(lines), style="F")
    _draw_lines(paper, columns, widths, lines)
    paper.set_font(FAMILY, "", _SIZE)


def _wrap_cells(paper: Paper, widths: Sequence[float], cells: Sequence[str]) -> list[list[str]]:
    """Each cell's lines."""
    return [wrapped(paper, paper.printable(cell), width - 2 * _PAD) for cell, width in zip(cells, widths, strict=True)]


def _row_height(lines: Sequence[Sequence[str]]) -> float:
    return max(len(cell) for cell in lines) * _LINE + 2 * _PAD


def _draw_lines(
    paper: Paper, columns: Sequence[Column], widths: Sequence[float], lines: Sequence[Sequence[str]]
) -> None:
    left, top = paper.l_margin, paper.y
    for column, width, cell in zip(columns, widths, lines, strict=True):
        for number, line in enumerate(cell):
            start = left + width - _PAD - text_width(paper, line) if column.is_number else left + _PAD
            _draw_line(paper, start, top + _PAD + number * _LINE + _LINE * 0.72, line)
        left += width
    paper.set_y(top + _row_height(lines))
    paper.line(paper.l_margin, paper.y, paper.l_margin + paper.epw, paper.y)


def _draw_line(paper: Paper, left: float, baseline: float, line: str) -> None:
    if is_own(line):
        paper.text(left, baseline, line)
        return
    paper.set_y(baseline - 0.3 * paper.font_size)  # from where a cell of no height draws
    paper.write_runs(left, 0, line)


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
