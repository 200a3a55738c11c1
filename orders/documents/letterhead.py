"""The shop on its documents: who sells at the top, where to pay and the small print at the end."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from django.utils.translation import gettext

from orders.documents.printed_document import PrintedDocument, draw_facts, draw_paragraph
from shared.files.storage import read_file

_LOGO = (50.0, 18.0)  # millimetres


def draw_letterhead(pdf: PrintedDocument, seller: Mapping[str, Any]) -> None:
    """Nothing of a document that was issued before the shop had a name."""
    if not seller.get("name"):
        return
    _draw_logo(pdf, seller.get("logo", ""))
    contact = " · ".join(filter(None, (seller["email"], seller["phone"])))
    lines = [seller["name"], *seller["address"], contact]
    draw_facts(
        pdf,
        [
            (gettext("Seller"), "\n".join(filter(None, lines))),
            (gettext("Tax number"), seller["tax_number"]),
            (gettext("Registration"), seller["registration_number"]),
        ],
    )


def _draw_logo(pdf: PrintedDocument, name: str) -> None:
    """As large as fits into _LOGO. A document whose logo is lost is still a document."""
    data = read_file(name) if name else None
    if data is not None:
        width, height = _LOGO
        pdf.image(BytesIO(data), x=pdf.l_margin, y=pdf.get_y(), w=width, h=height, keep_aspect_ratio=True)
        pdf.ln(height + 4)


def draw_small_print(pdf: PrintedDocument, seller: Mapping[str, Any], currency: str, *, is_to_pay: bool = True) -> None:
    """Payment terms and accounts of the document's currency, then the shop's own words."""
    if is_to_pay and seller.get("payment_terms"):
        draw_paragraph(pdf, seller["payment_terms"])
    if is_to_pay:
        draw_facts(pdf, list(_account_facts(seller, currency)))
    if seller.get("footer"):
        pdf.ln(2)
        draw_paragraph(pdf, seller["footer"], size=8)


def _account_facts(seller: Mapping[str, Any], currency: str) -> Iterator[tuple[str, str]]:
    for account in seller.get("bank_accounts", ()):
        if account["currency"] in ("", currency):
            named = (account["bank"], f"IBAN {account['iban']}", account["bic"] and f"BIC {account['bic']}")
            yield gettext("Bank account"), ", ".join(filter(None, named))
