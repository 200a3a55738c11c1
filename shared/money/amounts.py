"""Money: a Decimal amount beside an ISO 4217 currency code. Rounding is half-up to the currency's minor unit."""

import re
from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from shared.money.currencies import MINOR_DIGITS, STORED_DIGITS, is_currency

NO_CURRENCY = _("%(code)s is no currency of ISO 4217.")
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)


@lru_cache(maxsize=512)
def minor_unit(currency: str) -> Decimal:
    """The smallest amount of a currency: 0.01 for USD, 1 for JPY, 0.001 for KWD."""
    return Decimal(1).scaleb(-MINOR_DIGITS.get(currency, 2))


def validate_currency(code: str) -> None:
    """For fields; capitals do not matter. Raises ValidationError."""
    if not is_currency(code.upper()):
        raise ValidationError(NO_CURRENCY, code="invalid", params={"code": code})


def is_plain_decimal(text: str) -> bool:
    """Digits, with a point and a sign if need be. Decimal itself reads more: 1_000, 1e3, the digits of any script."""
    return _PLAIN.fullmatch(text) is not None


def round_money(amount: Decimal, currency: str) -> Decimal:
    """Half-up to the currency's minor unit."""
    return amount.quantize(minor_unit(currency), rounding=ROUND_HALF_UP)


def format_money(amount: Decimal, currency: str) -> str:
    """The amount as the API writes it: fixed point with exactly the currency's digits."""
    return f"{round_money(amount, currency):f}"


@lru_cache(maxsize=512)
def stored_ending(currency: str) -> tuple[str, int | None]:
    """How a MoneyField's text, with all its STORED_DIGITS, ends where the currency has fewer, and where to cut that:
    `text[:cut] if text.endswith(zeros)` is what format_money would write, for a tenth of the time."""
    digits = MINOR_DIGITS.get(currency, 2)
    zeros = ("" if digits else ".") + "0" * (STORED_DIGITS - digits)
    return zeros, -len(zeros) or None


def split_money(amount: Decimal, weights: Sequence[Decimal | int], currency: str) -> list[Decimal]:
    """Shares of a rounded amount in proportion to the weights, which add up to it to the last minor unit.

    Largest remainder: every share is rounded down, and what is left goes, a minor unit each, to those that lost most,
    of equals to the first. Weights are not negative; if all are 0 the first takes everything. Nothing for no weights.
    """
    total = sum(weights, Decimal(0))
    if not total:
        return [amount if index == 0 else amount * 0 for index in range(len(weights))]
    unit = minor_unit(currency)
    exact = [amount * weight / total for weight in weights]
    shares = [share.quantize(unit, rounding=ROUND_FLOOR) for share in exact]
    left = int((amount - sum(shares)) / unit)
    losses = sorted(range(len(shares)), key=lambda index: (shares[index] - exact[index], index))
    for index in losses[:left]:
        shares[index] += unit
    return shares


class MoneyField(models.DecimalField):
    """An amount of up to 10^21, wide enough for 200 lines of a million units at the highest price. A default is one,
    too: an instance that was not saved yet holds no bare int."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        if isinstance(kwargs.get("default"), int):
            kwargs["default"] = Decimal(kwargs["default"])  # type: ignore[arg-type]
        kwargs.setdefault("max_digits", 24)
        kwargs.setdefault("decimal_places", STORED_DIGITS)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]


class CurrencyField(models.CharField):
    """An ISO 4217 code in capitals."""

    default_validators = [validate_currency]

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_length", 3)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
