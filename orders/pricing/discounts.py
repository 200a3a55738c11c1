"""What a coupon takes off, and whether it holds. Pure."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.models.coupon import CouponKind
from shared.errors import NotFound, Refusal
from shared.money.amounts import format_money, minor_unit, round_money

_ZERO = Decimal(0)


class CouponNotFound(NotFound):
    code = "coupon_not_found"
    title = _("No such coupon")
    members = {"coupon": str}


class CouponInvalid(Refusal):
    """`reason` says which of its rules the coupon fails by: a key of _REASONS."""

    code = "coupon_invalid"
    title = _("The coupon does not hold for this order")
    members = {"reason": str, "coupon": str}

    def __init__(self, coupon: str, reason: str, **values: str) -> None:
        text = f"{coupon}: " + str(_REASONS[reason]) % values
        super().__init__(
            text, reason=reason, coupon=coupon, errors=[{"pointer": "/coupon", "code": reason, "detail": text}]
        )
        self.reason = reason


_REASONS: dict[str, str | Promise] = {
    "inactive": _("the coupon is switched off."),
    "not_yet_valid": _("the coupon is not valid yet."),
    "expired": _("the coupon is not valid any more."),
    "customer_group": _("the coupon is for other customers."),
    "currency": _("the coupon is for orders in %(currency)s."),
    "min_subtotal": _("the lines must come to %(amount)s %(currency)s."),
    "no_shipping": _("the coupon gives free shipping, and the order names no shipping method."),
    "used_up": _("the coupon has been used up."),
    "customer_limit": _("this customer has used the coupon as often as allowed."),
}


@dataclass(frozen=True, slots=True)
class CouponTerms:
    """A coupon as it stands; `uses_by_customer` are those of the person who orders."""

    id: UUID
    code: str
    kind: str
    value: Decimal
    currency: str = ""
    min_subtotal: Decimal = _ZERO
    group_id: UUID | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    is_active: bool = True
    usage_limit: int | None = None
    customer_limit: int | None = None
    used_count: int = 0
    uses_by_customer: int = 0

    @property
    def frees_shipping(self) -> bool:
        return self.kind == CouponKind.FREE_SHIPPING


def check_coupon(
    coupon: CouponTerms, *, group_id: UUID | None, currency: str, goods: Decimal, ships: bool, now: datetime
) -> None:
    """Raises CouponInvalid. `goods` is what the lines come to before the discount, in the terms of their prices."""
    if not coupon.is_active:
        raise CouponInvalid(coupon.code, "inactive")
    if coupon.valid_from is not None and now < coupon.valid_from:
        raise CouponInvalid(coupon.code, "not_yet_valid")
    # Half open, as price lists are: of one that ends at midnight and one that begins then never both hold.
    if coupon.valid_until is not None and now >= coupon.valid_until:
        raise CouponInvalid(coupon.code, "expired")
    if coupon.group_id not in (None, group_id):
        raise CouponInvalid(coupon.code, "customer_group")
    if coupon.currency not in ("", currency):
        raise CouponInvalid(coupon.code, "currency", currency=coupon.currency)
    if goods < coupon.min_subtotal:
        least = format_money(coupon.min_subtotal, currency)
        raise CouponInvalid(coupon.code, "min_subtotal", amount=least, currency=currency)
    if coupon.frees_shipping and not ships:
        raise CouponInvalid(coupon.code, "no_shipping")
    check_limits(coupon)


# Asked twice: when the order is priced, for an early answer, and once more under the coupon's lock, which decides.
def check_limits(coupon: CouponTerms) -> None:
    """Whether it may be used once more. Raises CouponInvalid."""
    if coupon.usage_limit is not None and coupon.used_count >= coupon.usage_limit:
        raise CouponInvalid(coupon.code, "used_up")
    if coupon.customer_limit is not None and coupon.uses_by_customer >= coupon.customer_limit:
        raise CouponInvalid(coupon.code, "customer_limit")


def discount_on(coupon: CouponTerms, goods: Decimal, currency: str) -> Decimal:
    """What it takes off the lines: never more than they come to. Half-up to the minor unit."""
    if coupon.frees_shipping:
        return _ZERO
    wanted = goods * coupon.value / 100 if coupon.kind == CouponKind.PERCENT else coupon.value
    # Down: of an amount finer than the minor unit no more may be taken off than it comes to.
    return min(round_money(wanted, currency), goods.quantize(minor_unit(currency), rounding=ROUND_FLOOR))


def coupon_not_found(code: str) -> CouponNotFound:
    text = gettext("No such coupon: %(code)s.") % {"code": code}
    return CouponNotFound(text, coupon=code, errors=[{"pointer": "/coupon", "code": "not_found", "detail": text}])
