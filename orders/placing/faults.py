"""Everything that is wrong with a request at once, for the answer that refuses it.

Placing itself stops at the first fault, so that a good order pays for no more than it needs. Whoever is refused is
told of all the others, too: mending them one by one would cost a try each.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory.sellable_variants import read_sellables
from orders.placing.limits import OrderLimit, check_units, limits_for
from orders.placing.payment_methods import PaymentMethodUnavailable, check_payment_method, methods_named
from orders.placing.plan import VariantUnavailable, check_for_sale, unit_prices
from orders.placing.requested_lines import (
    PlaceOrder,
    RequestedLine,
    VariantNotFound,
    add_up,
    check_quantities,
    variant_not_found,
)
from orders.pricing.discounts import CouponInvalid, CouponNotFound, check_coupon, coupon_not_found
from orders.pricing.shipping import ShippingMethodNotFound, ShippingNotAvailable, check_method, method_not_found
from orders.pricing.terms import PricingRequest, read_terms
from orders.pricing.totals import Terms
from shared.errors import Faults, InvalidInput, NotFound, Refusal, in_one
from users.models.customer import Customer

_WHATEVER = Decimal("Infinity")  # more than any coupon asks for: nothing is said of an amount that is not known


class CustomerNotFound(NotFound):
    code = "customer_not_found"
    title = _("No such customer")
    members = {"customers?": [str]}


# Of the request alone: after any of them the rest of it has not been looked at.
_OF_THE_REQUEST = (
    CouponInvalid,
    CouponNotFound,
    CustomerNotFound,
    InvalidInput,
    PaymentMethodUnavailable,
    ShippingMethodNotFound,
    ShippingNotAvailable,
    VariantNotFound,
    VariantUnavailable,
)


def no_customer(customer_id: UUID | str) -> CustomerNotFound:
    """The refusal of an order for nobody; "" where nobody was named."""
    text = gettext("No such customer: %(customer)s.") % {"customer": customer_id}
    error = {"pointer": "/customer", "code": CustomerNotFound.code, "detail": text}
    return CustomerNotFound(text, customers=[str(customer_id)], errors=[error])


def with_other_faults(
    refusal: Refusal, request: PlaceOrder, *, as_customer: bool, is_known: bool = False, now: datetime | None = None
) -> Refusal:
    """The refusal of this request, with what else placing would refuse it for. `is_known`: nobody need ask whether
    there is such a customer. At most 12 statements; none where stock is short, which comes last: all else was
    right."""
    if not (isinstance(refusal, _OF_THE_REQUEST) or (isinstance(refusal, OrderLimit) and refusal.is_of_request)):
        return refusal
    others = faults_of(request, as_customer=as_customer, is_known=is_known, now=now)
    # It was so a moment ago, even if it is mended by now.
    if all(type(other) is not type(refusal) for other in others):
        others.insert(0, refusal)
    return in_one(others)


def faults_of(
    request: PlaceOrder,
    *,
    as_customer: bool,
    is_known: bool = False,
    now: datetime | None = None,
    places: Sequence[int] | None = None,
) -> list[Refusal]:
    """What placing would refuse the request for, apart from stock and from what its buyer holds. `places`: of lines
    that are not all of the order, where they stand in it. Reads without locks."""
    faults = Faults()
    if not is_known:
        faults.gather(check_customer, request.customer_id)
    methods = methods_named([request.payment_method])
    faults.gather(check_payment_method, request.payment_method, methods, as_customer=as_customer)
    lines = _known_lines(request, faults, range(len(request.lines)) if places is None else places)
    limits = limits_for(as_customer=as_customer) if now is None else None
    if limits:
        faults.gather(check_units, limits, lines)
    faults.gather(check_for_sale, lines)
    _gather_terms(request, lines, faults, now=now, is_part=places is not None)
    return faults.refusals


def check_customer(customer_id: UUID) -> None:
    """Raises CustomerNotFound."""
    if not Customer.objects.filter(pk=customer_id).exists():
        raise no_customer(customer_id)


def _known_lines(request: PlaceOrder, faults: Faults, places: Sequence[int]) -> list[RequestedLine]:
    sellables = read_sellables((line.variant for line in request.lines), customer_ids=[request.customer_id])
    placed = list(zip(places, request.lines, strict=True))
    unknown = {place: line.variant for place, line in placed if line.variant not in sellables}
    if unknown:
        faults.refusals.append(variant_not_found(unknown))
    known = [(place, line) for place, line in placed if line.variant in sellables]
    summed = add_up([line for _, line in known], sellables)
    lines = [replace(line, index=known[line.index][0]) for line in summed]
    faults.gather(check_quantities, lines)
    return lines


def _gather_terms(
    request: PlaceOrder, lines: Sequence[RequestedLine], faults: Faults, *, now: datetime | None, is_part: bool
) -> None:
    """Currency, coupon and shipping method. Where no line says the currency, only whether they exist is asked."""
    currency = request.currency or (lines[0].sellable.currency if lines else "")
    named = (request.ship_to_country, request.shipping_method, request.coupon)
    variants = tuple(line.sellable.variant_id for line in lines)
    (terms,) = read_terms([PricingRequest(request.customer_id, currency, variants, *named)], now)
    units = faults.gather(unit_prices, lines, terms, currency)
    if request.coupon and terms.coupon is None:
        faults.refusals.append(coupon_not_found(request.coupon))
    if request.shipping_method and terms.method is None:
        faults.refusals.append(method_not_found(request.shipping_method))
    # A part of the lines, or what staff take off, makes another sum than the whole order's.
    is_unclear = is_part or _has(faults, VariantNotFound, InvalidInput) or request.has_discounts
    goods = sum((unit.amount * of.quantity for of, unit in units or ()), Decimal(0))
    if currency:
        _gather_rules(request, terms, currency, _WHATEVER if is_unclear else goods, faults)


def _gather_rules(request: PlaceOrder, terms: Terms, currency: str, goods: Decimal, faults: Faults) -> None:
    # Of nobody it is not known which group or country is theirs: what depends on it is not held against the order.
    nobody = _has(faults, CustomerNotFound)
    coupon, method = terms.coupon, terms.method
    if coupon is not None:
        group_id = coupon.group_id if nobody else terms.group_id
        goods = _WHATEVER if nobody else goods
        ships = bool(request.shipping_method)
        faults.gather(
            check_coupon, coupon, group_id=group_id, currency=currency, goods=goods, ships=ships, now=terms.now
        )
    if method is not None and (request.ship_to_country or not nobody):
        faults.gather(check_method, method, country=terms.country, currency=currency)


def _has(faults: Faults, *kinds: type[Refusal]) -> bool:
    return any(isinstance(refusal, kinds) for refusal in faults.refusals)
