"""From what was asked for to what would be written. Pure: works on what was read, refuses by rule, locks nothing."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.offers import Offer
from orders.allocation import Allocation, Demand, Short, allocate
from orders.models.adjustment import AdjustmentKind
from orders.pricing import LineAmounts, OrderAmounts, price_line, sum_order
from orders.splitting import Part, split_by_seller
from shared.errors import InvalidInput, NotFound, Refusal

MAX_LINES = 200
MAX_QUANTITY = 1_000_000


@dataclass(frozen=True, slots=True)
class PlaceOrderLine:
    """`variant` is an id or a SKU."""

    variant: str
    quantity: int
    seller_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """What is to be placed. `currency` unset: the variants'."""

    customer_id: UUID
    lines: tuple[PlaceOrderLine, ...]
    note: str = ""
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class WantedLine:
    """Lines of one variant and seller, summed; `index` is the first one's place in the request."""

    index: int
    offer: Offer
    seller_id: UUID | None
    quantity: int


@dataclass(frozen=True, slots=True)
class PlannedLine:
    offer: Offer
    quantity: int
    allocation: Allocation
    amounts: LineAmounts


@dataclass(frozen=True, slots=True)
class Extras:
    """What an order has that a plain one has not. Empty: nothing of it."""

    ship_to_country: str = ""
    shipping_method: str = ""
    coupon_code: str = ""
    payment_method: str = ""


@dataclass(frozen=True, slots=True)
class PlannedAdjustment:
    """Why the order costs what it costs; `line` is a place in the plan's lines, None for the whole order."""

    kind: AdjustmentKind
    label: str
    amount: Decimal
    line: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


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
    """`shortages` lists every short line; `level_ids` are the levels that were too low."""

    code = "insufficient_stock"
    title = _("Not enough stock")

    def __init__(self, shortages: list[dict[str, object]], level_ids: Iterable[UUID]) -> None:
        text = gettext("%(sku)s: %(requested)s wanted, %(available)s available")
        names = ", ".join(text % short for short in shortages)
        super().__init__(gettext("Not enough stock. %(names)s.") % {"names": names}, shortages=shortages)
        self.level_ids = frozenset(level_ids)


def sum_lines(lines: Sequence[PlaceOrderLine], offers: dict[str, Offer]) -> list[WantedLine]:
    """Resolve and sum the lines. Raises VariantNotFound naming every unknown one, or InvalidInput."""
    if not 1 <= len(lines) <= MAX_LINES:
        raise InvalidInput(("/items", "length", gettext("An order has 1 to %(most)s lines.") % {"most": MAX_LINES}))
    unknown = sorted({line.variant for line in lines if line.variant not in offers})
    if unknown:
        raise VariantNotFound(gettext("No such variant: %(names)s.") % {"names": ", ".join(unknown)}, variants=unknown)
    summed: dict[tuple[UUID, UUID | None], WantedLine] = {}
    for index, line in enumerate(lines):
        offer = offers[line.variant]
        key = (offer.variant_id, line.seller_id)
        before = summed.get(key)
        quantity = line.quantity + (before.quantity if before else 0)
        summed[key] = WantedLine(before.index if before else index, offer, line.seller_id, quantity)
    _check_quantities(summed.values())
    return list(summed.values())


def _check_quantities(lines: Iterable[WantedLine]) -> None:
    wrong = [line for line in lines if not 1 <= line.quantity <= MAX_QUANTITY]
    if wrong:
        text = gettext("The quantity of a variant must be 1 to %(most)s, summed over its lines.")
        text %= {"most": f"{MAX_QUANTITY:,}"}
        raise InvalidInput(*((f"/items/{line.index}/quantity", "out_of_range", text) for line in wrong))


def fingerprint(request: PlaceOrder, lines: Iterable[WantedLine]) -> str:
    """SHA-256 of what is asked for, the same however it was written: SKUs resolved, lines summed and sorted."""
    items = sorted((str(w.offer.variant_id), str(w.seller_id or ""), w.quantity) for w in lines)
    body = [str(request.customer_id), items, request.note, request.currency]
    return hashlib.sha256(json.dumps(body, separators=(",", ":")).encode()).hexdigest()


def make_plan(request: PlaceOrder, lines: Sequence[WantedLine]) -> Plan:
    """Prices and stock levels for every line. Raises VariantUnavailable, InvalidInput (currency) or
    InsufficientStock, each naming every line at fault."""
    _check_for_sale(lines)
    currency = _one_currency(request, lines)
    demands = [Demand(line.seller_id, line.quantity, line.offer.stock) for line in lines]
    answers = allocate(demands)
    planned: list[PlannedLine] = []
    short: list[tuple[WantedLine, Short]] = []
    for line, answer in zip(lines, answers, strict=True):
        if isinstance(answer, Short):
            short.append((line, answer))
            continue
        amounts = price_line(
            quantity=line.quantity,
            unit_price=line.offer.unit_price,
            tax_rate=line.offer.tax_rate,
            currency=currency,
        )
        planned.append(PlannedLine(line.offer, line.quantity, answer, amounts))
    if short:
        raise InsufficientStock(
            [_shortage(line, answer.available) for line, answer in short],
            {level_id for _, answer in short for level_id in answer.level_ids},
        )
    amounts = sum_order(line.amounts for line in planned)
    parts = split_by_seller(
        [line.allocation.seller_id for line in planned], [line.amounts for line in planned], amounts, currency
    )
    return Plan(currency, tuple(planned), amounts, tuple(parts))


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


def _one_currency(request: PlaceOrder, lines: Sequence[WantedLine]) -> str:
    currency = request.currency or lines[0].offer.currency
    faults = [
        (
            f"/items/{line.index}/variant",
            "currency_mismatch",
            gettext("%(sku)s is priced in %(priced)s, the order is in %(currency)s.")
            % {"sku": line.offer.sku, "priced": line.offer.currency, "currency": currency},
        )
        for line in lines
        if line.offer.currency != currency
    ]
    if faults:
        raise InvalidInput(*faults)
    return currency
