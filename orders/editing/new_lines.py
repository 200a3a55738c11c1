"""Lines that are added to an order, at today's price."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from inventory.sellable_variants import SellableVariant
from orders.editing.edit_requests import AddedLine, OtherSeller
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.placing.plan import VariantUnavailable
from orders.placing.requested_lines import VariantNotFound
from orders.pricing import LineAmounts, price_line
from orders.pricing.taxes import tax_rate
from orders.pricing.terms import PricingRequest, read_terms
from orders.pricing.totals import Goods, Terms, unit_price
from shared.errors import InvalidInput
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class NewLine:
    id: UUID
    sellable: SellableVariant
    quantity: int
    seller_id: UUID
    amounts: LineAmounts


def price_new_lines(
    order: Order, items: Sequence[OrderItem], added: Sequence[AddedLine], sellables: Mapping[str, SellableVariant]
) -> list[NewLine]:
    """The added lines with what they cost today for the order's customer and country; a coupon of the order does not
    count for them. Raises OtherSeller, InvalidInput. Up to 4 statements."""
    if not added:
        return []
    # A sub-order names its seller; an order of one seller has it on its lines alone.
    own = {order.seller_id} if order.seller_id else {item.seller_id for item in items}
    variant_ids = tuple(sellables[line.variant].variant_id for line in added)
    # Without shipping method and coupon: these were reckoned with the order as it was placed and are not reckoned
    # again.
    requested = PricingRequest(order.customer_id, order.currency, variant_ids, order.ship_to_country)
    [terms] = read_terms([requested], None)
    lines = []
    for line in added:
        sellable = sellables[line.variant]
        seller_id = _seller_of_line(order, line, own)
        lines.append(NewLine(new_id(), sellable, line.quantity, seller_id, _price_line(order, line, sellable, terms)))
    return lines


def check_for_sale(added: Sequence[AddedLine], sellables: Mapping[str, SellableVariant]) -> None:
    """`sellables` are also those of lines that are to have more units. Raises VariantNotFound, VariantUnavailable,
    InvalidInput."""
    unknown = sorted({line.variant for line in added if line.variant not in sellables})
    if unknown:
        raise VariantNotFound(gettext("No such variant: %(names)s.") % {"names": ", ".join(unknown)}, variants=unknown)
    gone = {sellable.variant_id: sellable for sellable in sellables.values() if not sellable.is_active}
    if gone:
        raise VariantUnavailable(
            gettext("Not for sale: %(names)s.") % {"names": ", ".join(sellable.sku for sellable in gone.values())},
            variants=[str(pk) for pk in gone],
        )
    # 0 drops a line that is there; of a new one it means nothing.
    if any(line.quantity < 1 for line in added):
        raise InvalidInput(("/lines", "out_of_range", gettext("A new line has at least one unit.")))


def _seller_of_line(order: Order, line: AddedLine, own: Collection[UUID]) -> UUID:
    """Of whom the line is: one of those that the order is with, whose goods leave and are paid with it."""
    if line.seller_id is None and len(own) == 1:
        return next(iter(own))
    if line.seller_id is None:
        raise InvalidInput((f"/lines/{line.place}/seller", "required", gettext("The order has several sellers.")))
    if line.seller_id not in own:
        raise OtherSeller(
            gettext("Order %(number)s is with another seller: place another order for that line.")
            % {"number": order.number},
            sellers=sorted(str(pk) for pk in own),
        )
    return line.seller_id


def _price_line(order: Order, line: AddedLine, sellable: SellableVariant, terms: Terms) -> LineAmounts:
    # As in placing: nothing here converts, so a price in another currency is none.
    own = sellable.unit_price if sellable.currency == order.currency else None
    goods = Goods(sellable.variant_id, line.quantity, own, sellable.tax_rate, sellable.tax_class)
    unit = unit_price(goods, terms, order.currency)
    if unit is None:
        text = gettext("%(sku)s is priced in %(priced)s, the order is in %(currency)s.")
        text %= {"sku": sellable.sku, "priced": sellable.currency, "currency": order.currency}
        raise InvalidInput((f"/lines/{line.place}/variant", "currency_mismatch", text))
    return price_line(
        quantity=line.quantity,
        unit_price=unit.amount,
        tax_rate=tax_rate(terms.region, sellable.tax_class, sellable.tax_rate),
        currency=order.currency,
        tax_included=terms.region is not None and terms.region.prices_include_tax,
        price_reason=unit.reason,
    )
