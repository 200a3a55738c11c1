"""Whose right it is to sell at other prices than the catalogue's."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from inventory.sellable_variants import read_sellables
from orders.placing.requested_lines import PlaceOrder, RequestedLine, sum_lines
from orders.pricing.terms import PricingRequest, read_terms
from orders.pricing.totals import Goods, Terms, unit_price
from shared.errors import Refusal
from shared.money.amounts import round_money

AGREE_PRICES: Final = "orders.agree_prices"


class AgreedPricesNotAllowed(Refusal):
    """`variants` names the lines that cost something else."""

    code = "agreed_prices_not_allowed"
    status = 403
    title = _("Other prices than the catalogue's need the right to agree prices")
    members = {"variants": [UUID]}


def check_agreed_prices(*, request: PlaceOrder, now: datetime | None = None) -> None:
    """For whoever may not agree prices: nothing may be taken off, and every agreed price must be the variant's own, or
    what the customer pays by the price lists today. Raises AgreedPricesNotAllowed, and what sum_lines raises. Reads
    only, up to 4 statements."""
    sellables = read_sellables((line.variant for line in request.lines), customer_ids=[request.customer_id])
    asked = sum_lines(request.lines, sellables)
    if request.discount or any(line.discount for line in asked):
        given = asked if request.discount else [line for line in asked if line.discount]
        raise AgreedPricesNotAllowed(variants=[str(line.sellable.variant_id) for line in given])
    lines = [line for line in asked if line.agreed is not None]
    if not lines:
        return
    currency = request.currency or lines[0].sellable.currency
    # Without country, shipping and coupon: none of them moves a unit's price, and that alone is compared.
    [terms] = read_terms(
        [PricingRequest(request.customer_id, currency, tuple(line.sellable.variant_id for line in lines))], now
    )
    others = [line for line in lines if not _is_the_catalogues(line, terms, currency)]
    if others:
        raise AgreedPricesNotAllowed(variants=[str(line.sellable.variant_id) for line in others])


def _is_the_catalogues(line: RequestedLine, terms: Terms, currency: str) -> bool:
    own = line.sellable.unit_price if line.sellable.currency == currency else None
    listed = unit_price(Goods(line.sellable.variant_id, line.quantity, own), terms, currency)
    asked = round_money(line.agreed.amount, currency) if line.agreed else None
    # The variant's own price as well, though a list may be lower today: nobody gains by paying more.
    return asked in {own, listed.amount if listed else None}
