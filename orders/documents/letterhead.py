"""The shop on its documents: who sells at the top, where to pay and the small print at the end."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext

from orders.documents.printed_document import PrintedDocument, draw_facts, draw_paragraph


def draw_letterhead(pdf: PrintedDocument, seller: Mapping[str, Any]) -> None:
    """Nothing of a document that was issued before the shop had a name."""
    if not seller.get("name"):
        return
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
