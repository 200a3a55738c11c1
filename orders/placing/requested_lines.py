"""What was asked for: resolved, summed, and told apart from every other request."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory.sellable_variants import SellableVariant
from orders.pricing.given_discounts import GivenDiscount
from orders.pricing.prices import AgreedPrice
from shared.errors import InvalidInput, NotFound
from shared.values.addresses import Address

MAX_LINES = 200
MAX_QUANTITY = 1_000_000


@dataclass(frozen=True, slots=True)
class PlaceOrderLine:
    """`variant` is an id or a SKU. `agreed`, in the order's currency, counts whatever the catalogue says, `discount` is
    taken off the line: only staff's own services set them, never a request from outside."""

    variant: str
    quantity: int
    seller_id: UUID | None = None
    agreed: AgreedPrice | None = None
    discount: GivenDiscount | None = None


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """What is to be placed. `currency` unset: the variants'. `ship_to_country` unset: the customer's. `coupon` is in
    capitals. `delivery_address` and `billing_address` unset: the customer's defaults. `discount` is staff's, as a
    line's is."""

    customer_id: UUID
    lines: tuple[PlaceOrderLine, ...]
    note: str = ""
    currency: str | None = None
    ship_to_country: str = ""
    shipping_method: str = ""
    coupon: str = ""
    payment_method: str = ""
    delivery_address: Address | None = None
    billing_address: Address | None = None
    metadata: dict[str, str] | None = None
    discount: GivenDiscount | None = None

    @property
    def has_discounts(self) -> bool:
        """Whether staff take something off it."""
        return self.discount is not None or any(line.discount is not None for line in self.lines)

    @property
    def extras(self) -> "Extras":
        """What it names beside the goods."""
        named = (self.ship_to_country, self.shipping_method, self.coupon, self.payment_method)
        return Extras(*named, self.delivery_address, self.billing_address, self.metadata)


@dataclass(frozen=True, slots=True)
class RequestedLine:
    """Lines of one variant, seller and agreed price, summed; `index` is the first one's place in the request. A line
    with a discount stays by itself."""

    index: int
    sellable: SellableVariant
    seller_id: UUID | None
    quantity: int
    agreed: AgreedPrice | None = None
    discount: GivenDiscount | None = None


@dataclass(frozen=True, slots=True)
class Extras:
    """What an order has that a plain one has not. Empty: nothing of it."""

    ship_to_country: str = ""
    shipping_method: str = ""
    coupon_code: str = ""
    payment_method: str = ""
    delivery_address: Address | None = None
    billing_address: Address | None = None
    metadata: dict[str, str] | None = None


NO_EXTRAS = Extras()


class VariantNotFound(NotFound):
    code = "variant_not_found"
    title = _("No such variant")
    members = {"variants": [str]}


def variant_not_found(unknown: Mapping[int, str]) -> VariantNotFound:
    """The refusal of lines, by their place, that name no variant."""
    names = sorted(set(unknown.values()))
    text = gettext("No such variant: %(names)s.")
    return VariantNotFound(
        text % {"names": ", ".join(names)},
        variants=names,
        errors=[
            {"pointer": f"/items/{index}/variant", "code": VariantNotFound.code, "detail": text % {"names": name}}
            for index, name in unknown.items()
        ],
    )


def sum_lines(lines: Sequence[PlaceOrderLine], sellables: dict[str, SellableVariant]) -> list[RequestedLine]:
    """Resolve and sum the lines. Raises VariantNotFound naming every unknown one, or InvalidInput."""
    if not 1 <= len(lines) <= MAX_LINES:
        raise InvalidInput(("/items", "length", gettext("An order has 1 to %(most)s lines.") % {"most": MAX_LINES}))
    unknown = {index: line.variant for index, line in enumerate(lines) if line.variant not in sellables}
    if unknown:
        raise variant_not_found(unknown)
    summed = add_up(lines, sellables)
    check_quantities(summed)
    return summed


def add_up(lines: Sequence[PlaceOrderLine], sellables: dict[str, SellableVariant]) -> list[RequestedLine]:
    """The lines, all of which name a variant, summed."""
    summed: dict[tuple[UUID, UUID | None, AgreedPrice | None, int | None], RequestedLine] = {}
    for index, line in enumerate(lines):
        sellable = sellables[line.variant]
        # By the variant, not by what it was called: one line may name its id and another its SKU.
        # An amount off would count once for two lines that were summed.
        key = (sellable.variant_id, line.seller_id, line.agreed, index if line.discount else None)
        before = summed.get(key)
        quantity = line.quantity + (before.quantity if before else 0)
        first = before.index if before else index
        summed[key] = RequestedLine(first, sellable, line.seller_id, quantity, line.agreed, line.discount)
    return list(summed.values())


def check_quantities(lines: Iterable[RequestedLine]) -> None:
    """Raises InvalidInput for lines that come to too many units."""
    wrong = [line for line in lines if not 1 <= line.quantity <= MAX_QUANTITY]
    if wrong:
        text = gettext("The quantity of a variant must be 1 to %(most)s, summed over its lines.")
        text %= {"most": f"{MAX_QUANTITY:,}"}
        raise InvalidInput(*((f"/items/{line.index}/quantity", "out_of_range", text) for line in wrong))


def fingerprint(request: PlaceOrder, lines: Iterable[RequestedLine]) -> str:
    """SHA-256 of what is asked for, the same however it was written: SKUs resolved, lines summed and sorted. What a
    request does not name is not in it: keys of older orders, which could not name it, still match."""
    items = sorted(_fingerprint_of(line) for line in lines)
    body: list[object] = [str(request.customer_id), items, request.note, request.currency]
    extras = request.extras
    if extras != NO_EXTRAS:
        body.append([extras.ship_to_country, extras.shipping_method, extras.coupon_code, extras.payment_method])
    named = [extras.delivery_address, extras.billing_address, extras.metadata]
    if named != [None, None, None]:
        body.append([one and sorted(one.items()) for one in named])
    if request.discount:
        body.append(["discount", *_words_of(request.discount)])
    # Stored beside keys: anything else written here, and no key of an earlier release would match its own request.
    return hashlib.sha256(json.dumps(body, separators=(",", ":")).encode()).hexdigest()


def _fingerprint_of(line: RequestedLine) -> tuple[str | int, ...]:
    asked: tuple[str | int, ...] = (str(line.sellable.variant_id), str(line.seller_id or ""), line.quantity)
    if line.agreed is not None:
        asked = (*asked, str(line.agreed.amount), line.agreed.reason)
    return asked if line.discount is None else (*asked, "discount", *_words_of(line.discount))


def _words_of(discount: GivenDiscount) -> tuple[str, str, str]:
    return str(discount.kind), str(discount.value), discount.reason


def has_terms(request: PlaceOrder, lines: Iterable[RequestedLine]) -> bool:
    """Whether the order may cost anything but its variants' own prices and taxes: then make_plan needs its terms."""
    if request.ship_to_country or request.shipping_method or request.coupon or request.discount:
        return True
    return any(line.sellable.has_terms or line.agreed is not None or line.discount is not None for line in lines)


def currency_of(request: PlaceOrder, lines: Sequence[RequestedLine]) -> str:
    """The currency it is ordered in."""
    return request.currency or lines[0].sellable.currency
