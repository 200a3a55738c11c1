"""The export of a person as a PDF to be read or printed."""

from typing import Any

from django.utils.translation import gettext
from fpdf.enums import Align

from shared.pdf.document import FAMILY, Document, new_pdf
from shared.pdf.paragraphs import write_paragraph

# A section says where the rest is.
MAX_ROWS = 500
_MAX_TEXT = 2_000


def person_pdf(exported: dict[str, Any]) -> bytes:
    """What crm.services.privacy.export_person answered, section by section; of long ones the first MAX_ROWS rows.
    Raises UnprintableLetter."""
    pdf = new_pdf(gettext("Personal data"))
    pdf.add_page()
    _write_line(pdf, gettext("Personal data of %(name)s") % {"name": exported["person"]["name"]}, size=16, bold=True)
    _write_line(pdf, gettext("As of %(moment)s") % {"moment": exported["exported_at"]})
    for name, content in exported.items():
        if content and isinstance(content, dict | list) and name != "is_cut":
            _write_section(pdf, name, content)
    return bytes(pdf.output())


def _write_section(pdf: Document, name: str, content: dict[str, Any] | list[dict[str, Any]]) -> None:
    pdf.ln(4)
    rows = [content] if isinstance(content, dict) else content
    count = "" if isinstance(content, dict) else f" ({len(rows)})"
    _write_line(pdf, _label_of_key(name).capitalize() + count, size=12, bold=True)
    for row in rows[:MAX_ROWS]:
        for key, value in row.items():
            if value not in (None, "", [], {}):
                _write_line(pdf, f"{_label_of_key(key)}: {_text_of_value(value)}")
        pdf.ln(1.5)
    if len(rows) > MAX_ROWS:
        _write_line(pdf, gettext("… and %(count)s more, in the JSON export.") % {"count": len(rows) - MAX_ROWS})


def _label_of_key(key: str) -> str:
    """A key of the export as the reader's language calls it, where it does."""
    return gettext(key.replace("_", " "))


def _text_of_value(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))[:_MAX_TEXT]
    if isinstance(value, dict):
        return ", ".join(f"{key} {inner}" for key, inner in value.items())[:_MAX_TEXT]
    return str(value)[:_MAX_TEXT]


def _write_line(pdf: Document, text: str, *, size: int = 9, bold: bool = False) -> None:
    pdf.set_font(FAMILY, "B" if bold else "", size)
    write_paragraph(pdf, size * 0.55, text, align=Align.J)
