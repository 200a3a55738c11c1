"""What a draft names beside its lines, as services take it and as rows hold it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, TypedDict, cast

from django.utils.translation import gettext

from orders.models.draft import REASON_LENGTH, DiscountKind, Draft
from orders.pricing.given_discounts import GivenDiscount
from shared.errors import Faults, InvalidInput
from shared.money.amounts import round_money
from shared.values.addresses import Address, check_address

_WHOLE = Decimal(100)
Fault = tuple[str, str, str]


class DraftTerms(TypedDict, total=False):
    """As orders.placing.requested_lines.PlaceOrder has them."""

    ship_to_country: str
    delivery_address: Address | None
    billing_address: Address | None
    shipping_method: str
    payment_method: str
    coupon: str
    discount: GivenDiscount | None


def terms_of(draft: Draft) -> dict[str, Any]:
    """The draft's, for PlaceOrder; the discount is asked for apart (orders.pricing.given_discounts)."""
    delivery = cast(Address | None, draft.delivery_address)
    return {
        "ship_to_country": goes_to(draft),
        "delivery_address": delivery,
        "billing_address": cast(Address | None, draft.billing_address),
        "shipping_method": draft.shipping_method,
        "coupon": draft.coupon_code,
    }


def goes_to(draft: Draft) -> str:
    """The country that was named; empty: the customer's."""
    return draft.ship_to_country or (draft.delivery_address or {}).get("country", "")


def columns_of(terms: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """What was named as a draft's columns. Raises InvalidInput naming every fault."""
    columns, faults = dict(terms), Faults()
    for name in ("delivery_address", "billing_address"):
        if columns.get(name):
            columns[name] = faults.gather(check_address, columns[name], pointer=f"/{name}")
    if "discount" in columns:
        discount = columns.pop("discount")
        if of_discount := list(discount_faults(discount, "/discount", currency)):
            faults.refusals.append(InvalidInput(*of_discount))
        columns |= discount_columns(discount)
    faults.refuse()
    if "coupon" in columns:
        columns["coupon_code"] = columns.pop("coupon").upper()
    return columns


def check_goes_to(draft: Draft) -> None:
    """Raise InvalidInput where the address is in another country than the one that was named."""
    country = (draft.delivery_address or {}).get("country", "")
    if draft.ship_to_country and country and country != draft.ship_to_country:
        text = gettext("The delivery address is in another country.")
        raise InvalidInput(("/ship_to_country", "contradiction", text))


def discount_columns(discount: GivenDiscount | None) -> dict[str, Any]:
    """As a row holds it."""
    if discount is None:
        return {"discount_kind": "", "discount_value": None, "discount_reason": ""}
    return {
        "discount_kind": discount.kind,
        "discount_value": discount.value,
        "discount_reason": discount.reason,
    }


def discount_faults(discount: GivenDiscount | None, pointer: str, currency: str) -> Iterator[Fault]:
    """What is wrong with it."""
    if discount is None:
        return
    is_percent = discount.kind == DiscountKind.PERCENT
    if discount.value <= 0 or (is_percent and discount.value > _WHOLE):
        text = gettext("A percentage is above 0 and at most 100.") if is_percent else gettext("It must be above 0.")
        yield f"{pointer}/value", "out_of_range", text
    elif not is_percent and discount.value != round_money(discount.value, currency):
        yield f"{pointer}/value", "invalid", gettext("This is no amount of that currency.")
    if not discount.reason.strip():
        yield f"{pointer}/reason", "required", gettext("Say why: it stays with the order.")
    elif len(discount.reason) > REASON_LENGTH:
        yield f"{pointer}/reason", "max_length", gettext("At most %(most)s characters.") % {"most": REASON_LENGTH}
