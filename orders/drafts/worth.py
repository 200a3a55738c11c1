"""What a draft would cost if it were ordered now. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext

from inventory.sellable_variants import SellableVariant, read_sellables
from orders.models.draft import Draft, DraftLine
from orders.pricing import LineAmounts, OrderAmounts
from orders.pricing.prices import AgreedPrice
from orders.pricing.terms import PricingRequest, read_terms
from orders.pricing.totals import Goods, price_order, unit_price


@dataclass(frozen=True, slots=True)
class Worth:
    """`lines` go with the draft's; `amounts` is None where a line has no price in the draft's currency."""

    lines: Sequence[LineAmounts | None]
    amounts: OrderAmounts | None


def agreed(draft: Draft, line: DraftLine) -> AgreedPrice | None:
    """The price that was promised for a unit, in the words of the shop's language: it is stored with the order."""
    if line.agreed_price is None:
        return None
    with translation.override("en"):
        return AgreedPrice(line.agreed_price, gettext("Agreed in %(number)s") % {"number": draft.number})


def worth_of(draft: Draft, lines: Sequence[DraftLine]) -> Worth:
    """Each line at its agreed price or today's, with today's taxes. Up to 6 statements."""
    if not lines:
        return Worth((), None)
    sellables = read_sellables([str(line.variant_id) for line in lines], customer_ids=[draft.customer_id])
    [terms] = read_terms(
        [PricingRequest(draft.customer_id, draft.currency, tuple(line.variant_id for line in lines))], None
    )
    goods = [_goods_of_line(draft, line, sellables[str(line.variant_id)]) for line in lines]
    units = [unit_price(of, terms, draft.currency) for of in goods]
    known = [(of, unit) for of, unit in zip(goods, units, strict=True) if unit is not None]
    priced = price_order(known, terms, draft.currency) if known else None
    # Lines without a price are left out of the sums and keep their place on the page.
    amounts = iter(priced.lines if priced else ())
    of_lines = [None if unit is None else next(amounts) for unit in units]
    return Worth(of_lines, priced.amounts if priced and len(known) == len(lines) else None)


def line_total(line: LineAmounts) -> Decimal:
    """With its tax."""
    return line.total_price + line.tax_amount


def _goods_of_line(draft: Draft, line: DraftLine, sellable: SellableVariant) -> Goods:
    own = sellable.unit_price if sellable.currency == draft.currency else None
    return Goods(line.variant_id, line.quantity, own, sellable.tax_rate, sellable.tax_class, agreed(draft, line))
