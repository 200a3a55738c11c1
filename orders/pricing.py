"""What an order costs. Pure: no database, exact decimals.

Tax is rounded half-up to the currency's minor unit per line; sums are then exact.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from shared.money import round_money


@dataclass(frozen=True, slots=True)
class LineAmounts:
    total_price: Decimal
    tax_amount: Decimal


@dataclass(frozen=True, slots=True)
class OrderAmounts:
    subtotal: Decimal
    tax_total: Decimal
    total: Decimal


def price_line(*, quantity: int, unit_price: Decimal, tax_rate: Decimal, currency: str) -> LineAmounts:
    """Net total and tax of one line."""
    total_price = unit_price * quantity
    tax = round_money(total_price * tax_rate, currency) if tax_rate else Decimal(0)
    return LineAmounts(total_price, tax)


def sum_order(lines: Iterable[LineAmounts]) -> OrderAmounts:
    """The order's totals: the lines' sums, so that they add up exactly."""
    subtotal = tax_total = Decimal(0)
    for line in lines:
        subtotal += line.total_price
        tax_total += line.tax_amount
    return OrderAmounts(subtotal, tax_total, subtotal + tax_total)
