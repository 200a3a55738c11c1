"""What a draft would cost if it were ordered now. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext

from inventory.sellable_variants import SellableVariant, read_sellables
from orders.drafts.rules import DraftNotPossible
from orders.drafts.terms import goes_to
from orders.models.draft import Draft, DraftLine
from orders.pricing import LineAmounts, OrderAmounts
from orders.pricing.discounts import coupon_not_found
from orders.pricing.given_discounts import discount_in
from orders.pricing.prices import AgreedPrice, UnitPrice
from orders.pricing.shipping import method_not_found
from orders.pricing.terms import PricingRequest, read_terms
from orders.pricing.totals import Goods, Priced, Terms, price_order, unit_price
from shared.errors import Refusal


@dataclass(frozen=True, slots=True)
class Worth:
    """`lines` go with the draft's; `amounts` is None where a line has no price in the draft's currency, or the coupon
    or shipping method does not hold: `problem` says why, and the lines are priced without them."""

    lines: Sequence[LineAmounts | None]
    amounts: OrderAmounts | None
    problem: str = ""


def agreed(draft: Draft, line: DraftLine) -> AgreedPrice | None:
    """The price that was promised for a unit, in the words of the shop's language: it is stored with the order."""
    if line.agreed_price is None:
        return None
    with translation.override("en"):
        return AgreedPrice(line.agreed_price, gettext("Agreed in %(number)s") % {"number": draft.number})


def worth_of(draft: Draft, lines: Sequence[DraftLine]) -> Worth:
    """Each line at its agreed price or today's, with today's taxes, discounts and shipping. Up to 8 statements."""
    if not lines:
        return Worth((), None)
    sellables = read_sellables([str(line.variant_id) for line in lines], customer_ids=[draft.customer_id])
    variants = tuple(line.variant_id for line in lines)
    named = (goes_to(draft), draft.shipping_method, draft.coupon_code)
    [terms] = read_terms([PricingRequest(draft.customer_id, draft.currency, variants, *named)], None)
    goods = [_goods_of_line(draft, line, sellables[str(line.variant_id)]) for line in lines]
    units = [unit_price(of, terms, draft.currency) for of in goods]
    known = [(of, unit) for of, unit in zip(goods, units, strict=True) if unit is not None]
    priced, problem = _priced(draft, known, terms) if known else (None, "")
    # Lines without a price are left out of the sums and keep their place on the page.
    amounts = iter(priced.lines if priced else ())
    of_lines = [None if unit is None else next(amounts) for unit in units]
    is_whole = priced is not None and len(known) == len(lines) and not problem
    return Worth(of_lines, priced.amounts if priced and is_whole else None, problem)


def check_possible(draft: Draft, worth: Worth) -> None:
    """Raise DraftNotPossible where it names a coupon or shipping method that does not hold."""
    if worth.problem:
        text = gettext("%(number)s cannot be shown to the customer as it is: %(problem)s")
        raise DraftNotPossible(text % {"number": draft.number, "problem": worth.problem})


def _priced(draft: Draft, lines: Sequence[tuple[Goods, UnitPrice]], terms: Terms) -> tuple[Priced, str]:
    discount = discount_in(draft)
    try:
        if draft.coupon_code and terms.coupon is None:
            raise coupon_not_found(draft.coupon_code)
        if draft.shipping_method and terms.method is None:
            raise method_not_found(draft.shipping_method)
        return price_order(lines, terms, draft.currency, discount=discount), ""
    except Refusal as refusal:
        plain = replace(terms, coupon=None, method=None)
        return price_order(lines, plain, draft.currency, discount=discount), refusal.detail


def line_total(line: LineAmounts) -> Decimal:
    """With its tax."""
    return line.total_price + line.tax_amount


def _goods_of_line(draft: Draft, line: DraftLine, sellable: SellableVariant) -> Goods:
    own = sellable.unit_price if sellable.currency == draft.currency else None
    named = (agreed(draft, line), discount_in(line))
    return Goods(line.variant_id, line.quantity, own, sellable.tax_rate, sellable.tax_class, *named)
