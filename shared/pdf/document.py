"""PDFs that people read or print, in any script: the documents' own font has Latin, Greek and Cyrillic letters, and a
document takes the fonts of other scripts as it meets their letters."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from fpdf import FPDF
from fpdf.enums import TextDirection

from shared.errors import Refusal
from shared.pdf.letters import FONTS, JOINERS, fonts_of_others, is_own, own_letters, visible
from shared.pdf.reading_order import runs_of

FAMILY = "DejaVu"


class UnprintableLetter(Refusal):
    """`letter` and `code_point` name it."""

    code = "unprintable_letter"
    title: ClassVar[str | Promise] = _("A letter that cannot be printed")

    def __init__(self, letter: str) -> None:
        code_point = f"U+{ord(letter):04X}"
        named = {"letter": f"{letter} ({unicodedata.name(letter, code_point)}, {code_point})"}
        detail = gettext("No font here has %(letter)s. Write the text without it.") % named
        super().__init__(detail, letter=letter, code_point=code_point)


class Document(FPDF):
    """Every text goes through `printable` before it is measured or drawn."""

    _last_font: str | None = None

    def printable(self, text: str) -> str:
        """The text as it can be drawn; refused when no font has a letter."""
        text = visible(text)
        if is_own(text):
            return text
        for letter in dict.fromkeys(text):
            if letter not in own_letters() and letter not in JOINERS:
                self._load_font_of(letter)
        return text if self._fallback_font_ids else "".join(letter for letter in text if letter not in JOINERS)

    def _load_font_of(self, letter: str) -> None:
        name = fonts_of_others().get(letter)
        if name is None:
            for font in self.fonts.values():
                font.ttfont.close()  # type: ignore[union-attr]  # else done when the document is finished
            raise UnprintableLetter(letter)
        if name.lower() not in self.fonts:
            self.add_font(name, "", FONTS / "scripts" / f"{name}.ttf")
            self.set_fallback_fonts([*self._fallback_font_ids, name], exact_match=False)

    def get_fallback_font(self, char: str, style: str = "") -> str | None:
        """The one of the letter before, where it has this one, too: letters that stand together are shaped together."""
        last = self._last_font
        if last and (char in JOINERS or ord(char) in self.fonts[last].cmap):  # type: ignore[union-attr]
            return last
        self._last_font = super().get_fallback_font(char, style)
        return self._last_font

    def write_runs(self, left: float, height: float, line: str) -> None:
        """A line with letters of other scripts, joined and ordered as their readers expect, in a cell without margins
        that begins at `left` (in the document's unit)."""
        if not self.current_font_is_set_on_page and self.current_font is not None:
            # The library believes it set by a first run in another font, and draws the second with the font before.
            self._out(self._set_font_for_page(self.current_font, self.font_size_pt))
        for text, direction in runs_of(line):
            with self._shaping_for(direction):
                width = self.get_string_width(text)
                self.set_x(left - self.c_margin)
                self.cell(width + 2 * self.c_margin, height, text)
            left += width

    def width_of_runs(self, line: str) -> float:
        """In the document's unit."""
        width = 0.0
        for text, direction in runs_of(line):
            with self._shaping_for(direction):
                width += self.get_string_width(text)
        return width

    @contextmanager
    def _shaping_for(self, direction: TextDirection) -> Iterator[None]:
        """Not for letters of the own font alone: these are drawn as ever, which is quicker."""
        self.set_text_shaping(use_shaping_engine=True, direction=direction)
        try:
            yield
        finally:
            self.set_text_shaping(use_shaping_engine=False)


Pdf = TypeVar("Pdf", bound=Document)


def new_pdf(title: str) -> Document:
    """An empty A4 document that begins a new page by itself, with its own font loaded."""
    return prepared(Document(), title)


def prepared(pdf: Pdf, title: str) -> Pdf:
    """The document given, made ready as new_pdf makes it: pages, font and title."""
    pdf.set_auto_page_break(auto=True, margin=15)
    pdf.add_font(FAMILY, "", FONTS / "DejaVuSans.ttf")
    pdf.add_font(FAMILY, "B", FONTS / "DejaVuSans-Bold.ttf")
    pdf.set_title(title)
    return pdf
