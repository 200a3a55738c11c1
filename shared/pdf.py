"""PDFs that people read or print. The font has Latin, Greek and Cyrillic letters."""

from pathlib import Path
from typing import TypeVar

from fpdf import FPDF

FAMILY = "DejaVu"
Pdf = TypeVar("Pdf", bound=FPDF)
_FONTS = Path(__file__).parent / "fonts"


def new_pdf(title: str) -> FPDF:
    """An empty A4 document that begins a new page by itself, with the fonts loaded."""
    return prepared(FPDF(), title)


def prepared(pdf: Pdf, title: str) -> Pdf:
    """The same for a class of one's own."""
    pdf.set_auto_page_break(auto=True, margin=15)
    pdf.add_font(FAMILY, "", _FONTS / "DejaVuSans.ttf")
    pdf.add_font(FAMILY, "B", _FONTS / "DejaVuSans-Bold.ttf")
    pdf.set_title(title)
    return pdf


def printable(text: str) -> str:
    """Without what no printer knows: control characters become blanks."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)
