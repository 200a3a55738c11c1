"""From what is wanted to what would be written. Pure: works on what was read, refuses by rule, locks nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory.sellable_variants import SellableVariant
from orders.placing.requested_lines import NO_EXTRAS, Extras, PlaceOrder, RequestedLine, currency_of
from orders.placing.splitting import SellerOrderPlan, split_by_seller
from orders.pricing import LineAmounts, OrderAmounts, price_line, sum_order
from orders.pricing.discounts import coupon_not_found
from orders.pricing.prices import UnitPrice
from orders.pricing.shipping import method_not_found
from orders.pricing.totals import Goods, PlannedAdjustment, PlannedUse, Priced, Terms, price_order, unit_price
from orders.reservations.allocation import Allocation, Demand, Short, allocate
from orders.reservations.backorder_allocation import PartlyTaken, allocate_ahead
from shared.errors import InvalidInput, Refusal


@dataclass(frozen=True, slots=True)
class PlannedLine:
    sellable: SellableVariant
    quantity: int
    allocation: Allocation | PartlyTaken
    amounts: LineAmounts


@dataclass(frozen=True, slots=True)
class Plan:
    """`seller_orders` are empty for an order of one seller."""

    currency: str
    lines: tuple[PlannedLine, ...]
    amounts: OrderAmounts
    seller_orders: tuple[SellerOrderPlan, ...] = ()
    extras: Extras = NO_EXTRAS
    adjustments: tuple[PlannedAdjustment, ...] = ()
    use: PlannedUse | None = None

    @property
    def is_plain(self) -> bool:
        """Whether the order is its lines at their variants' own prices and taxes, from one seller."""
        return not (self.seller_orders or self.adjustments or self.extras != NO_EXTRAS)

    @property
    def is_free(self) -> bool:
        """Whether there is nothing to pay."""
        return not self.amounts.total

    @property
    def held_units(self) -> int:
        """How many units of stock it takes; those that wait for goods are not among them."""
        return sum(quantity for line in self.lines for _, quantity in line.allocation.takes)


class VariantUnavailable(Refusal):
    code = "variant_unavailable"
    title = _("Not for sale")
    members = {"variants": [UUID]}


class InsufficientStock(Refusal):
    """`shortages` lists every short line; `level_ids` are the levels that were too low. `may_wait`: all that is missing
    may be ordered in advance."""

    code = "insufficient_stock"
    title = _("Not enough stock")
    members = {"shortages": [{"variant": UUID, "sku": str, "requested": int, "available": int}]}

    def __init__(
        self, shortages: list[dict[str, object]], level_ids: Iterable[UUID], *, may_wait: bool = False
    ) -> None:
        text = gettext("%(sku)s: %(requested)s wanted, %(available)s available")
        names = ", ".join(text % short for short in shortages)
        super().__init__(gettext("Not enough stock. %(names)s.") % {"names": names}, shortages=shortages)
        self.level_ids = frozenset(level_ids)
        self.may_wait = may_wait


def make_plan(
    request: PlaceOrder,
    lines: Sequence[RequestedLine],
    terms: Terms | None = None,
    *,
    room: Mapping[UUID, int] | None = None,
) -> Plan:
    """Prices and stock levels for every line; `terms` are not needed for an order without (`has_terms`). With `room`,
    units by variant, what is short waits for goods as far as there is some. Raises
    VariantUnavailable, InvalidInput (currency), InsufficientStock, each naming every line at fault, CouponNotFound,
    CouponInvalid, ShippingMethodNotFound or ShippingNotAvailable."""
    check_for_sale(lines)
    # Without a currency in the request it is that of the first line: a shop with one currency names none.
    currency = currency_of(request, lines)
    # Prices before stock: a shortage makes the caller expire overdue orders, which a faulty request must not set off.
    units = unit_prices(lines, terms, currency)
    priced = _price_plainly(lines, currency) if terms is None else _price_request(request, units, terms, currency)
    allocations = _allocate_lines(lines, room)
    planned = tuple(
        PlannedLine(line.sellable, line.quantity, allocation, amounts)
        for line, allocation, amounts in zip(lines, allocations, priced.lines, strict=True)
    )
    sellers = [allocation.seller_id for allocation in allocations]
    seller_orders = split_by_seller(sellers, priced.lines, priced.amounts, currency)
    extras = _extras_of(request, terms)
    return Plan(currency, planned, priced.amounts, tuple(seller_orders), extras, priced.adjustments, priced.use)


def _allocate_lines(lines: Sequence[RequestedLine], room: Mapping[UUID, int] | None) -> list[Allocation | PartlyTaken]:
    demands = [Demand(line.seller_id, line.quantity, line.sellable.stock) for line in lines]
    answers: Sequence[Allocation | PartlyTaken | Short]
    answers = allocate_ahead(demands, [line.sellable.variant_id for line in lines], room) if room else allocate(demands)
    taken: list[Allocation | PartlyTaken] = []
    short: list[tuple[RequestedLine, Short]] = []
    for line, answer in zip(lines, answers, strict=True):
        if isinstance(answer, Short):
            short.append((line, answer))
        else:
            taken.append(answer)
    # Every short line is named at once: a client that learned of them one by one would try once for each.
    if short:
        raise InsufficientStock(
            [_shortage_of(line, answer.available) for line, answer in short],
            {level_id for _, answer in short for level_id in answer.level_ids},
            # Only where every short line may wait: else trying again with backorders would be refused, too.
            may_wait=room is None and all(answer.level_ids and line.sellable.backorder_limit for line, answer in short),
        )
    return taken


def _price_plainly(lines: Sequence[RequestedLine], currency: str) -> Priced:
    """By the variants' own prices and taxes."""
    amounts = tuple(
        price_line(
            quantity=line.quantity,
            unit_price=line.sellable.unit_price,
            tax_rate=line.sellable.tax_rate,
            currency=currency,
        )
        for line in lines
    )
    return Priced(amounts, sum_order(amounts), ())


def _price_request(
    request: PlaceOrder, units: Sequence[tuple[Goods, UnitPrice]], terms: Terms, currency: str
) -> Priced:
    if request.coupon and terms.coupon is None:
        raise coupon_not_found(request.coupon)
    if request.shipping_method and terms.method is None:
        raise method_not_found(request.shipping_method)
    return price_order(units, terms, currency, discount=request.discount)


def _extras_of(request: PlaceOrder, terms: Terms | None) -> Extras:
    """What the order keeps of what was named, and where it goes when that mattered."""
    # Where no tax depends on the country it is left out, so that the order stays plain and takes the shorter statement.
    if terms is None or (terms.region is None and request.extras == NO_EXTRAS):
        return request.extras
    return replace(request.extras, ship_to_country=terms.country)


def _shortage_of(line: RequestedLine, available: int) -> dict[str, object]:
    return {
        "variant": str(line.sellable.variant_id),
        "sku": line.sellable.sku,
        "requested": line.quantity,
        "available": max(available, 0),
    }


def check_for_sale(lines: Iterable[RequestedLine]) -> None:
    """Raises VariantUnavailable for what is switched off."""
    gone = {line.index: line.sellable for line in lines if not line.sellable.is_active}
    if gone:
        text = gettext("Not for sale: %(names)s.")
        raise VariantUnavailable(
            text % {"names": ", ".join(sellable.sku for sellable in gone.values())},
            variants=[str(sellable.variant_id) for sellable in gone.values()],
            errors=[
                {"pointer": f"/items/{at}/variant", "code": VariantUnavailable.code, "detail": text % {"names": it.sku}}
                for at, it in gone.items()
            ],
        )


def unit_prices(lines: Sequence[RequestedLine], terms: Terms | None, currency: str) -> list[tuple[Goods, UnitPrice]]:
    """What each line's unit costs, nothing for an order without terms. Raises InvalidInput for lines without a price in
    the currency."""
    units: list[tuple[Goods, UnitPrice]] = []
    faults: list[tuple[str, str, str]] = []
    for line in lines:
        sellable = line.sellable
        if terms is None:
            has_price = sellable.currency == currency
        else:
            goods = _goods_of_line(line, currency)
            unit = unit_price(goods, terms, currency)
            has_price = unit is not None
            if unit is not None:
                units.append((goods, unit))
        if not has_price:
            text = gettext("%(sku)s is priced in %(priced)s, the order is in %(currency)s.")
            values = {"sku": sellable.sku, "priced": sellable.currency, "currency": currency}
            faults.append((f"/items/{line.index}/variant", "currency_mismatch", text % values))
    if faults:
        raise InvalidInput(*faults)
    return units


def _goods_of_line(line: RequestedLine, currency: str) -> Goods:
    sellable = line.sellable
    # A price in another currency is no price: nothing here converts, a rate would have to come from somewhere.
    own = sellable.unit_price if sellable.currency == currency else None
    named = (line.agreed, line.discount)
    return Goods(sellable.variant_id, line.quantity, own, sellable.tax_rate, sellable.tax_class, *named)
