"""From what was asked for to what would be written. Pure: works on what was read, refuses by rule, locks nothing."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.offers import Offer
from orders.allocation import Allocation, Demand, Short, allocate
from orders.backorder_plan import PartlyTaken, allocate_ahead
from orders.pricing import LineAmounts, OrderAmounts, price_line, sum_order
from orders.pricing.discounts import coupon_not_found
from orders.pricing.prices import AgreedPrice, UnitPrice
from orders.pricing.shipping import method_not_found
from orders.pricing.totals import Goods, PlannedAdjustment, PlannedUse, Priced, Terms, price_order, unit_price
from orders.splitting import Part, split_by_seller
from shared.errors import InvalidInput, NotFound, Refusal

MAX_LINES = 200
MAX_QUANTITY = 1_000_000


@dataclass(frozen=True, slots=True)
class PlaceOrderLine:
    """`variant` is an id or a SKU. `agreed`, in the order's currency, counts whatever the catalogue says: only staff's
    own services set it, never a request from outside."""

    variant: str
    quantity: int
    seller_id: UUID | None = None
    agreed: AgreedPrice | None = None


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """What is to be placed. `currency` unset: the variants'. `ship_to_country` unset: the customer's. `coupon` is in
    capitals."""

    customer_id: UUID
    lines: tuple[PlaceOrderLine, ...]
    note: str = ""
    currency: str | None = None
    ship_to_country: str = ""
    shipping_method: str = ""
    coupon: str = ""
    payment_method: str = ""

    @property
    def extras(self) -> "Extras":
        """What it names beside the goods."""
        return Extras(self.ship_to_country, self.shipping_method, self.coupon, self.payment_method)


@dataclass(frozen=True, slots=True)
class WantedLine:
    """Lines of one variant, seller and agreed price, summed; `index` is the first one's place in the request."""

    index: int
    offer: Offer
    seller_id: UUID | None
    quantity: int
    agreed: AgreedPrice | None = None


@dataclass(frozen=True, slots=True)
class PlannedLine:
    offer: Offer
    quantity: int
    allocation: Allocation | PartlyTaken
    amounts: LineAmounts


@dataclass(frozen=True, slots=True)
class Extras:
    """What an order has that a plain one has not. Empty: nothing of it."""

    ship_to_country: str = ""
    shipping_method: str = ""
    coupon_code: str = ""
    payment_method: str = ""


NO_EXTRAS = Extras()


@dataclass(frozen=True, slots=True)
class Plan:
    """`parts` are empty for an order of one seller."""

    currency: str
    lines: tuple[PlannedLine, ...]
    amounts: OrderAmounts
    parts: tuple[Part, ...] = ()
    extras: Extras = NO_EXTRAS
    adjustments: tuple[PlannedAdjustment, ...] = ()
    use: PlannedUse | None = None

    @property
    def is_plain(self) -> bool:
        """Whether the order is its lines at their variants' own prices and taxes, from one seller."""
        return not (self.parts or self.adjustments or self.extras != NO_EXTRAS)


class VariantNotFound(NotFound):
    code = "variant_not_found"
    title = _("No such variant")


class VariantUnavailable(Refusal):
    code = "variant_unavailable"
    title = _("Not for sale")


class InsufficientStock(Refusal):
    """`shortages` lists every short line; `level_ids` are the levels that were too low. `may_wait`: all that is missing
    may be ordered in advance."""

    code = "insufficient_stock"
    title = _("Not enough stock")

    def __init__(
        self, shortages: list[dict[str, object]], level_ids: Iterable[UUID], *, may_wait: bool = False
    ) -> None:
        text = gettext("%(sku)s: %(requested)s wanted, %(available)s available")
        names = ", ".join(text % short for short in shortages)
        super().__init__(gettext("Not enough stock. %(names)s.") % {"names": names}, shortages=shortages)
        self.level_ids = frozenset(level_ids)
        self.may_wait = may_wait


def sum_lines(lines: Sequence[PlaceOrderLine], offers: dict[str, Offer]) -> list[WantedLine]:
    """Resolve and sum the lines. Raises VariantNotFound naming every unknown one, or InvalidInput."""
    if not 1 <= len(lines) <= MAX_LINES:
        raise InvalidInput(("/items", "length", gettext("An order has 1 to %(most)s lines.") % {"most": MAX_LINES}))
    unknown = sorted({line.variant for line in lines if line.variant not in offers})
    if unknown:
        raise VariantNotFound(gettext("No such variant: %(names)s.") % {"names": ", ".join(unknown)}, variants=unknown)
    summed: dict[tuple[UUID, UUID | None, AgreedPrice | None], WantedLine] = {}
    for index, line in enumerate(lines):
        offer = offers[line.variant]
        key = (offer.variant_id, line.seller_id, line.agreed)
        before = summed.get(key)
        quantity = line.quantity + (before.quantity if before else 0)
        summed[key] = WantedLine(before.index if before else index, offer, line.seller_id, quantity, line.agreed)
    _check_quantities(summed.values())
    return list(summed.values())


def _check_quantities(lines: Iterable[WantedLine]) -> None:
    wrong = [line for line in lines if not 1 <= line.quantity <= MAX_QUANTITY]
    if wrong:
        text = gettext("The quantity of a variant must be 1 to %(most)s, summed over its lines.")
        text %= {"most": f"{MAX_QUANTITY:,}"}
        raise InvalidInput(*((f"/items/{line.index}/quantity", "out_of_range", text) for line in wrong))


def fingerprint(request: PlaceOrder, lines: Iterable[WantedLine]) -> str:
    """SHA-256 of what is asked for, the same however it was written: SKUs resolved, lines summed and sorted. What a
    request does not name is not in it: keys of older orders, which could not name it, still match."""
    items = sorted(_fingerprint_of(line) for line in lines)
    body: list[object] = [str(request.customer_id), items, request.note, request.currency]
    extras = request.extras
    if extras != NO_EXTRAS:
        body.append([extras.ship_to_country, extras.shipping_method, extras.coupon_code, extras.payment_method])
    return hashlib.sha256(json.dumps(body, separators=(",", ":")).encode()).hexdigest()


def _fingerprint_of(line: WantedLine) -> tuple[str | int, ...]:
    asked = (str(line.offer.variant_id), str(line.seller_id or ""), line.quantity)
    return asked if line.agreed is None else (*asked, str(line.agreed.amount), line.agreed.reason)


def has_terms(request: PlaceOrder, lines: Iterable[WantedLine]) -> bool:
    """Whether the order may cost anything but its variants' own prices and taxes: then make_plan needs its terms."""
    if request.ship_to_country or request.shipping_method or request.coupon:
        return True
    return any(line.offer.has_terms or line.agreed is not None for line in lines)


def currency_of(request: PlaceOrder, lines: Sequence[WantedLine]) -> str:
    """The currency it is ordered in."""
    return request.currency or lines[0].offer.currency


def make_plan(
    request: PlaceOrder,
    lines: Sequence[WantedLine],
    terms: Terms | None = None,
    *,
    room: Mapping[UUID, int] | None = None,
) -> Plan:
    """Prices and stock levels for every line; `terms` are not needed for an order without (`has_terms`). With `room`,
    units by variant, what is short waits for goods as far as there is some. Raises
    VariantUnavailable, InvalidInput (currency), InsufficientStock, each naming every line at fault, CouponNotFound,
    CouponInvalid, ShippingMethodNotFound or ShippingNotAvailable."""
    _check_for_sale(lines)
    currency = currency_of(request, lines)
    units = _unit_prices(lines, terms, currency)
    allocations = _allocate(lines, room)
    priced = _price_plainly(lines, currency) if terms is None else _price(request, units, terms, currency)
    planned = tuple(
        PlannedLine(line.offer, line.quantity, allocation, amounts)
        for line, allocation, amounts in zip(lines, allocations, priced.lines, strict=True)
    )
    sellers = [allocation.seller_id for allocation in allocations]
    parts = split_by_seller(sellers, priced.lines, priced.amounts, currency)
    extras = _extras(request, terms)
    return Plan(currency, planned, priced.amounts, tuple(parts), extras, priced.adjustments, priced.use)


def _allocate(lines: Sequence[WantedLine], room: Mapping[UUID, int] | None) -> list[Allocation | PartlyTaken]:
    demands = [Demand(line.seller_id, line.quantity, line.offer.stock) for line in lines]
    answers: Sequence[Allocation | PartlyTaken | Short]
    answers = allocate_ahead(demands, [line.offer.variant_id for line in lines], room) if room else allocate(demands)
    taken: list[Allocation | PartlyTaken] = []
    short: list[tuple[WantedLine, Short]] = []
    for line, answer in zip(lines, answers, strict=True):
        if isinstance(answer, Short):
            short.append((line, answer))
        else:
            taken.append(answer)
    if short:
        raise InsufficientStock(
            [_shortage(line, answer.available) for line, answer in short],
            {level_id for _, answer in short for level_id in answer.level_ids},
            may_wait=room is None and all(answer.level_ids and line.offer.backorder_limit for line, answer in short),
        )
    return taken


def _price_plainly(lines: Sequence[WantedLine], currency: str) -> Priced:
    """By the variants' own prices and taxes."""
    amounts = tuple(
        price_line(
            quantity=line.quantity,
            unit_price=line.offer.unit_price,
            tax_rate=line.offer.tax_rate,
            currency=currency,
        )
        for line in lines
    )
    return Priced(amounts, sum_order(amounts), ())


def _price(request: PlaceOrder, units: Sequence[tuple[Goods, UnitPrice]], terms: Terms, currency: str) -> Priced:
    if request.coupon and terms.coupon is None:
        raise coupon_not_found(request.coupon)
    if request.shipping_method and terms.method is None:
        raise method_not_found(request.shipping_method)
    return price_order(units, terms, currency)


def _extras(request: PlaceOrder, terms: Terms | None) -> Extras:
    """What the order keeps of what was named, and where it goes when that mattered."""
    if terms is None or (terms.region is None and request.extras == NO_EXTRAS):
        return request.extras
    return replace(request.extras, ship_to_country=terms.country)


def _shortage(line: WantedLine, available: int) -> dict[str, object]:
    return {
        "variant": str(line.offer.variant_id),
        "sku": line.offer.sku,
        "requested": line.quantity,
        "available": max(available, 0),
    }


def _check_for_sale(lines: Iterable[WantedLine]) -> None:
    gone = [line.offer for line in lines if not line.offer.is_active]
    if gone:
        raise VariantUnavailable(
            gettext("Not for sale: %(names)s.") % {"names": ", ".join(offer.sku for offer in gone)},
            variants=[str(offer.variant_id) for offer in gone],
        )


def _unit_prices(lines: Sequence[WantedLine], terms: Terms | None, currency: str) -> list[tuple[Goods, UnitPrice]]:
    """What each line's unit costs, nothing for an order without terms. Raises InvalidInput for lines without a price in
    the currency."""
    units: list[tuple[Goods, UnitPrice]] = []
    faults: list[tuple[str, str, str]] = []
    for line in lines:
        offer = line.offer
        if terms is None:
            has_price = offer.currency == currency
        else:
            goods = _goods(line, currency)
            unit = unit_price(goods, terms, currency)
            has_price = unit is not None
            if unit is not None:
                units.append((goods, unit))
        if not has_price:
            text = gettext("%(sku)s is priced in %(priced)s, the order is in %(currency)s.")
            values = {"sku": offer.sku, "priced": offer.currency, "currency": currency}
            faults.append((f"/items/{line.index}/variant", "currency_mismatch", text % values))
    if faults:
        raise InvalidInput(*faults)
    return units


def _goods(line: WantedLine, currency: str) -> Goods:
    offer = line.offer
    own = offer.unit_price if offer.currency == currency else None
    return Goods(offer.variant_id, line.quantity, own, offer.tax_rate, offer.tax_class, line.agreed)
