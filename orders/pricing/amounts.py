"""Lines and orders as amounts that add up, whether prices contain their tax or not.

Tax is rounded half-up to the currency's minor unit per line; sums are then exact.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from shared.money.amounts import round_money

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """`unit_price` is what one unit costs, with its tax where `tax_included`. `total_price` is that without tax and
    before discounts; `discount_amount`, in the terms of the unit price, is the line's share of the order's.
    `price_reason` is empty for the variant's own price."""

    unit_price: Decimal
    total_price: Decimal
    tax_rate: Decimal
    tax_amount: Decimal
    tax_included: bool = False
    discount_amount: Decimal = _ZERO
    price_reason: str = ""


@dataclass(frozen=True, slots=True)
class OrderAmounts:
    """subtotal - discount_total + tax_total + shipping_total = total. `shipping_tax` is part of the tax total."""

    subtotal: Decimal
    discount_total: Decimal
    tax_total: Decimal
    shipping_total: Decimal
    total: Decimal
    shipping_tax: Decimal = _ZERO


def price_line(
    *,
    quantity: int,
    unit_price: Decimal,
    tax_rate: Decimal,
    currency: str,
    tax_included: bool = False,
    discount_amount: Decimal = _ZERO,
    price_reason: str = "",
) -> LineAmounts:
    """One line's amounts. The tax is that of what is left after the discount, so that in both modes
    total_price - discount_amount + tax_amount is what the buyer pays for the line."""
    price = unit_price * quantity
    # Rounded for each line, not once for the order: lines are invoiced and refunded by themselves, and must add up.
    tax = tax_on(price - discount_amount, tax_rate, currency, included=tax_included)
    # Kept without tax in both modes, so that one equation, and one CHECK, holds for every order.
    total_price = price - tax if tax_included else price
    return LineAmounts(unit_price, total_price, tax_rate, tax, tax_included, discount_amount, price_reason)


def tax_on(amount: Decimal, rate: Decimal, currency: str, *, included: bool) -> Decimal:
    """The tax that is to be added to an amount, or that is in it."""
    if not rate:
        return _ZERO
    # Contained tax is a share of the gross: in 119 at 19 % it is 119 * 0.19 / 1.19 = 19.
    return round_money(amount * rate / (1 + rate) if included else amount * rate, currency)


def sum_order(
    lines: Iterable[LineAmounts], *, shipping_total: Decimal = _ZERO, shipping_tax: Decimal = _ZERO
) -> OrderAmounts:
    """The order's totals: the lines' sums and shipping, so that they add up exactly."""
    subtotal = discount_total = _ZERO
    # In the tax total, and kept beside it as well: a refund of the shipping gives its own tax back.
    tax_total = shipping_tax
    for line in lines:
        subtotal += line.total_price
        discount_total += line.discount_amount
        tax_total += line.tax_amount
    total = subtotal - discount_total + tax_total + shipping_total
    return OrderAmounts(subtotal, discount_total, tax_total, shipping_total, total, shipping_tax)
