"""Text on a PDF's page, in as many lines as it needs."""

from fpdf.enums import Align, XPos, YPos

from shared.pdf.document import Document
from shared.pdf.letters import is_own
from shared.pdf.wrapping import text_width, wrapped


def write_paragraph(pdf: Document, height: float, text: str, *, align: Align = Align.L) -> None:
    """From where the pen is to the right margin; `height` is a line's. The library would put letters that run from
    right to left in order before it cuts lines, so these are cut here."""
    text = pdf.printable(text)
    if is_own(text):
        pdf.multi_cell(0, height, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        return
    left = pdf.x
    for line in wrapped(pdf, text, pdf.w - pdf.r_margin - left - 2 * pdf.c_margin):
        pdf.set_x(left)
        write_line(pdf, height, line)


def write_line(pdf: Document, height: float, line: str, *, width: float = 0, align: Align = Align.L) -> None:
    """A cell of printable text, and on to the next line. `width`: to the right margin unless given."""
    write_cell(pdf, height, line, width=width or pdf.w - pdf.r_margin - pdf.x, align=align)
    pdf.set_xy(pdf.l_margin, pdf.y + height)


def write_cell(pdf: Document, height: float, line: str, *, width: float, align: Align = Align.L) -> None:
    """A cell of printable text; the pen goes to its right."""
    if is_own(line):
        pdf.cell(width, height, line, align=align)
        return
    if pdf.will_page_break(height):
        pdf.add_page(same=True)
    left = pdf.x
    start = left + width - pdf.c_margin - text_width(pdf, line) if align == Align.R else left + pdf.c_margin
    pdf.write_runs(start, height, line)
    pdf.set_x(left + width)
