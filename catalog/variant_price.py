"""What a price may be. Pure."""

from decimal import Decimal

from django.utils.translation import gettext

from catalog.models.variant import MAX_PRICE
from shared.errors import InvalidInput
from shared.money.amounts import NO_CURRENCY, minor_unit, round_money
from shared.money.currencies import is_currency


def check_price(price: Decimal, currency: str) -> None:
    """Raises InvalidInput unless 0 <= price < 10^12, in whole minor units of the currency."""
    if not is_currency(currency):
        raise InvalidInput(("/currency", "invalid", NO_CURRENCY % {"code": currency}))
    if not (price.is_finite() and 0 <= price <= MAX_PRICE):
        raise InvalidInput(("/price", "out_of_range", gettext("A price is at least 0 and below 10^12.")))
    if round_money(price, currency) != price:
        text = gettext("A price in %(currency)s is a multiple of %(unit)s.") % {
            "currency": currency,
            "unit": minor_unit(currency),
        }
        raise InvalidInput(("/price", "not_whole_minor_units", text))
