"""The currencies of ISO 4217, from the kept list of the package iso4217. Pure."""

from iso4217 import Currency

STORED_DIGITS = 3

# Metals, units of account and the like have no minor unit, or a smaller one than is stored.
MINOR_DIGITS = {
    currency.code: currency.exponent
    for currency in Currency
    if currency.exponent is not None and currency.exponent <= STORED_DIGITS
}


def is_currency(code: str) -> bool:
    """Whether there is a currency by this code, in capitals, whose amounts can be stored."""
    return code in MINOR_DIGITS


def known_currency(code: str) -> str:
    """The code itself. Raises ValueError unless is_currency; in English, as the API and the configuration speak."""
    if not is_currency(code):
        raise ValueError(f"{code} is no currency of ISO 4217.")
    return code
