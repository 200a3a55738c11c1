"""Where on the order desk a refusal is shown: beside what it is about."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext

from orders.admin.desk.form import DeskForm
from orders.admin.desk.lines import PREFIX
from orders.admin.desk.terms import DISCOUNT, TERMS
from orders.placing.payment_methods import PaymentMethodUnavailable
from orders.placing.plan import InsufficientStock, VariantUnavailable
from orders.placing.requested_lines import VariantNotFound
from orders.pricing.discounts import CouponInvalid, CouponNotFound
from orders.pricing.shipping import ShippingMethodNotFound, ShippingNotAvailable
from shared.errors import Refusal

_FIELDS: tuple[tuple[type[Refusal], str], ...] = (
    (CouponInvalid, "coupon"),
    (CouponNotFound, "coupon"),
    (ShippingMethodNotFound, "shipping_method"),
    (ShippingNotAvailable, "shipping_method"),
    (PaymentMethodUnavailable, "payment_method"),
)
# How bodies of the API name their lines.
_LISTS = ("items", "lines")


def faults_of(refusal: Refusal, form: DeskForm) -> Iterator[tuple[str, str]]:
    """Names of fields, those of lines as lines-0-quantity, with what is wrong; nothing for what is about none of
    them."""
    if isinstance(refusal, InsufficientStock):
        for short in refusal.data["shortages"]:
            text = gettext("%(requested)s wanted, %(available)s available") % short
            yield from ((f"{PREFIX}-{place}-quantity", text) for place in _places_of(form, short["variant"]))
    elif _is_about_several(refusal):
        yield from _pointed_at(refusal, form)
    elif isinstance(refusal, VariantUnavailable | VariantNotFound):
        for variant in refusal.data["variants"]:
            yield from ((f"{PREFIX}-{place}-variant", str(refusal.title)) for place in _places_of(form, variant))
    else:
        yield from ((name, refusal.detail) for kind, name in _FIELDS if isinstance(refusal, kind))
        if not isinstance(refusal, tuple(kind for kind, _ in _FIELDS)):
            yield from _pointed_at(refusal, form)


def show_beside(refusal: Refusal, form: DeskForm) -> None:
    """Put what was refused at the fields."""
    for name, text in faults_of(refusal, form):
        if not name.startswith(f"{PREFIX}-"):
            form.add_error(name, text)
            continue
        _, place, field = name.split("-", 2)
        form.lines.forms[int(place)].add_error(field, text)


def _is_about_several(refusal: Refusal) -> bool:
    """Parts of the order: each fault stands beside its own, whatever the refusal as a whole is called."""
    return len({str(fault["pointer"]).strip("/").partition("/")[0] for fault in refusal.data.get("errors", ())}) > 1


def _places_of(form: DeskForm, variant: Any) -> list[int]:
    return [place for place, line in form.lines.filled() if str(line.cleaned_data["variant"]) == str(variant)]


def _pointed_at(refusal: Refusal, form: DeskForm) -> Iterator[tuple[str, str]]:
    for fault in refusal.data.get("errors", ()):
        first, *rest = str(fault["pointer"]).strip("/").split("/")
        if first in _LISTS and rest and rest[0].isdigit():
            filled = form.lines.filled()
            place = filled[int(rest[0])][0] if int(rest[0]) < len(filled) else 0
            field = (
                "discount_" + rest[2] if rest[1:2] == ["discount"] and len(rest) > 2 else (rest[1:] or ["variant"])[0]
            )
            line = form.lines.forms[place]
            yield f"{PREFIX}-{place}-{field if field in line.fields else 'variant'}", fault["detail"]
        elif first == "discount" and rest and f"discount_{rest[0]}" in DISCOUNT and DISCOUNT[0] in form.fields:
            yield f"discount_{rest[0]}", fault["detail"]
        elif first in (*TERMS, "note", "valid_until"):
            yield first, fault["detail"]
        elif first == "email" and "new_email" in form.fields:
            yield "new_email", fault["detail"]
