"""What all documents look like: a title, facts, tables that go on over pages, sums, a footer with the page."""

from collections.abc import Sequence
from io import BytesIO
from itertools import zip_longest
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
_PICTURE = 11  # millimetres a side


class Column(NamedTuple):
    """`width` is a share of the page's width."""

    title: str
    width: int
    is_number: bool = False


class Sum(NamedTuple):
    name: str
    value: str
    is_total: bool = False


class PrintedDocument(Document):
    """`label` stands at the foot of every page."""

    label = ""

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font(FAMILY, "", 7)
        self.set_text_color(*_MUTED)
        # fpdf2 puts the number of pages in the place of {nb} when the document is finished.
        page = gettext("page %(number)s of %(all)s") % {"number": self.page_no(), "all": "{nb}"}
        self.cell(0, 5, f"{self.printable(self.label)} · {page}", align="C")
        self.set_text_color(*_INK)


def new_document(title: str, label: str) -> PrintedDocument:
    pdf = prepared(PrintedDocument(), title)
    pdf.label = label
    pdf.set_text_color(*_INK)
    pdf.set_draw_color(*_RULE)
    pdf.set_fill_color(*_SHADE)
    pdf.set_margins(12, 14)
    pdf.add_page()
    draw_paragraph(pdf, title, size=18, bold=True)
    pdf.ln(3)
    return pdf


def draw_paragraph(pdf: PrintedDocument, text: str, *, size: int = 9, bold: bool = False) -> None:
    """A paragraph over the whole width."""
    pdf.set_font(FAMILY, "B" if bold else "", size)
    write_paragraph(pdf, size * 0.55, text)


def draw_facts(pdf: PrintedDocument, facts: Sequence[tuple[str, str]]) -> None:
    """Names and values, one under the other; what is empty is left out."""
    for name, value in facts:
        if value:
            pdf.set_font(FAMILY, "B", 9)
            pdf.cell(48, 5, pdf.printable(name))
            pdf.set_font(FAMILY, "", 9)
            write_paragraph(pdf, 5, value)


def draw_table(
    pdf: PrintedDocument,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    pictures: Sequence[bytes | None] = (),
) -> None:
    """Its head is repeated on every page, and no row is cut by the end of one. Cells are written where they belong: the
    library's own tables weigh every letter several times, ten times slower. `pictures`, of each row, go into its first
    cell, which is then to be left empty."""
    pdf.ln(4)
    share = pdf.epw / sum(column.width for column in columns)
    widths = [column.width * share for column in columns]
    heading = [column.title for column in columns]
    _draw_row(pdf, columns, widths, heading, is_head=True)
    for row, picture in zip_longest(rows, pictures[: len(rows)]):
        lines = _wrap_cells(pdf, widths, row)
        height = max(_row_height(lines), _PICTURE + 2 * _PAD if picture else 0)
        if pdf.will_page_break(height):
            pdf.add_page()
            _draw_row(pdf, columns, widths, heading, is_head=True)
        if picture:
            left, top = pdf.l_margin + _PAD, pdf.y + _PAD
            pdf.image(BytesIO(picture), left, top, _PICTURE, _PICTURE, keep_aspect_ratio=True)
        _draw_lines(pdf, columns, widths, lines, height)
    pdf.ln(3)


def draw_sums(pdf: PrintedDocument, sums: Sequence[Sum]) -> None:
    """Amounts one under the other at the right, all on one page."""
    if pdf.will_page_break(len(sums) * _SUM_LINE + 3):
        pdf.add_page()
    for name, value, is_total in sums:
        if is_total:
            pdf.line(pdf.l_margin + pdf.epw / 2, pdf.y + 1, pdf.l_margin + pdf.epw, pdf.y + 1)
            pdf.ln(2)
        pdf.set_font(FAMILY, "B" if is_total else "", 11 if is_total else 9)
        # Not zero for a row without a value: fpdf2 takes that as all the width there is.
        value_width = max(_SUM_WIDTH, text_width(pdf, value) + 4) if value else 0.1
        write_cell(pdf, _SUM_LINE, pdf.printable(name), width=pdf.epw - value_width, align=Align.R)
        write_line(pdf, _SUM_LINE, value, width=value_width, align=Align.R)
    pdf.ln(2)


def _draw_row(
    pdf: PrintedDocument,
    columns: Sequence[Column],
    widths: Sequence[float],
    cells: Sequence[str],
    *,
    is_head: bool,
) -> None:
    pdf.set_font(FAMILY, "B" if is_head else "", _SIZE)
    lines = _wrap_cells(pdf, widths, cells)
    pdf.rect(pdf.l_margin, pdf.y, pdf.epw, _row_height(lines), style="F")
    _draw_lines(pdf, columns, widths, lines, _row_height(lines))
    pdf.set_font(FAMILY, "", _SIZE)


def _wrap_cells(pdf: PrintedDocument, widths: Sequence[float], cells: Sequence[str]) -> list[list[str]]:
    """Each cell's lines."""
    return [wrapped(pdf, pdf.printable(cell), width - 2 * _PAD) for cell, width in zip(cells, widths, strict=True)]


def _row_height(lines: Sequence[Sequence[str]]) -> float:
    return max(len(cell) for cell in lines) * _LINE + 2 * _PAD


def _draw_lines(
    pdf: PrintedDocument,
    columns: Sequence[Column],
    widths: Sequence[float],
    lines: Sequence[Sequence[str]],
    height: float,
) -> None:
    left, top = pdf.l_margin, pdf.y
    for column, width, cell in zip(columns, widths, lines, strict=True):
        for number, line in enumerate(cell):
            # To the right, so that decimal points stand below one another.
            start = left + width - _PAD - text_width(pdf, line) if column.is_number else left + _PAD
            _draw_line(pdf, start, top + _PAD + number * _LINE + _LINE * 0.72, line)
        left += width
    pdf.set_y(top + height)
    pdf.line(pdf.l_margin, pdf.y, pdf.l_margin + pdf.epw, pdf.y)


def _draw_line(pdf: PrintedDocument, left: float, baseline: float, line: str) -> None:
    # What the documents' own font lacks is drawn run by run, which is slower; most lines need none of it.
    if is_own(line):
        pdf.text(left, baseline, line)
        return
    pdf.set_y(baseline - 0.3 * pdf.font_size)  # from where a cell of no height draws
    pdf.write_runs(left, 0, line)


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
