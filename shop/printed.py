"""The shop as documents name it: plain values, kept with what was issued."""

from typing import Any

from shop.current import current_shop
from shop.models.shop import Shop


def shop_as_printed() -> dict[str, Any]:
    """What a document says of its seller: a copy, which later changes of the shop do not touch. 2 statements."""
    shop = current_shop()
    return {
        "name": shop.legal_name or shop.name,
        "brand": shop.name,
        "logo": shop.logo,  # the name of a file that is never deleted
        "address": address_lines(shop),
        "country": shop.country,
        "tax_number": shop.tax_number,
        "registration_number": shop.registration_number,
        "email": shop.email,
        "phone": shop.phone,
        "bank_accounts": [
            {"bank": account.bank, "iban": str(account), "bic": account.bic, "currency": account.currency}
            for account in shop.bank_accounts.all()
        ],
        "payment_terms": shop.payment_terms,
        "footer": shop.invoice_footer,
    }


def address_lines(shop: Shop) -> list[str]:
    """As on an envelope: street, then postal code and city, region, country."""
    place = " ".join(part for part in (shop.postal_code, shop.city) if part)
    return [line for line in (*shop.address_lines, place, shop.region, shop.country) if line]
