"""Which tax a line bears where it goes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rate:
    """A share, and what the invoice calls it."""

    name: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Region:
    """A country's taxes by tax class; a class without a rate is untaxed there."""

    country: str
    name: str
    prices_include_tax: bool = False
    rates: Mapping[str, Rate] = field(default_factory=dict)


def tax_rate(region: Region | None, tax_class: str, own_rate: Decimal) -> Decimal:
    """The region's rate for the class of goods, or the variant's own where there is no region."""
    if region is None:
        return own_rate
    rate = region.rates.get(tax_class)
    # Not the variant's own rate, which is that of the shop's country: a region that names no rate says untaxed.
    return rate.rate if rate else _ZERO
