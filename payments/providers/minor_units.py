"""Amounts as card networks and Stripe write them: whole numbers of the smallest unit.

https://docs.stripe.com/currencies#zero-decimal and #three-decimal: not everywhere what ISO 4217 says.
"""

from decimal import Decimal

from payments.providers.base import ProviderRefused

_WHOLE = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_THOUSANDTHS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
# Currencies without decimals that Stripe goes on counting in hundredths, of which it takes whole units only.
_HUNDREDTHS_OF_WHOLE = frozenset({"ISK", "UGX"})


def to_minor(amount: Decimal, currency: str) -> int:
    """Raises ProviderRefused for an amount that Stripe cannot move."""
    scaled = amount.scaleb(_digits_of(currency))
    if scaled != scaled.to_integral_value():
        raise ProviderRefused(f"{amount:f} {currency} is no whole number of its smallest unit.")
    step = 10 if currency in _THOUSANDTHS else 100 if currency in _HUNDREDTHS_OF_WHOLE else 1
    if int(scaled) % step:
        raise ProviderRefused(f"{amount:f} {currency}: the last digit must be 0.")
    return int(scaled)


def from_minor(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(-_digits_of(currency))


def _digits_of(currency: str) -> int:
    return 0 if currency in _WHOLE else 3 if currency in _THOUSANDTHS else 2
