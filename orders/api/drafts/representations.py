"""Drafts and quotes as the API shows them."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from orders.drafts.worth import Worth, line_total, worth_of
from orders.models.draft import DiscountKind, Draft, DraftKind, DraftStatus
from shared.api.serializers import MoneyText, WorkedOut
from shared.api.shapes.shaped import ShapedSerializer
from shared.money.amounts import format_money
from users.api.addresses.representations import OneAddress


class DiscountSerializer(serializers.Serializer):
    """What staff take off, and why."""

    kind = serializers.ChoiceField(DiscountKind.choices)
    value = serializers.CharField(help_text="Percent (10 is 10 %), or an amount in the currency.")
    reason = serializers.CharField(allow_blank=True)


@extend_schema_field(DiscountSerializer)
class Discount(WorkedOut):
    worked_out_of = ("discount_kind", "discount_value", "discount_reason")

    @staticmethod
    def compute(values: Any, currency: str) -> Any:
        kind, value, reason = values
        if not kind:
            return None
        # As it was typed: the column's three places are for amounts, and 10.000 percent is nothing anybody wrote.
        shown = f"{value.normalize():f}" if kind == DiscountKind.PERCENT else format_money(value, currency)
        return {"kind": kind, "value": shown, "reason": reason}


class DraftLineSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    variant = serializers.UUIDField(source="variant_id")
    seller = serializers.UUIDField(source="seller_id", allow_null=True)
    quantity = serializers.IntegerField(min_value=1)
    agreed_price = MoneyText(allow_null=True)
    discount = Discount(allow_null=True, help_text="Off the whole line.")


class DraftSerializer(ShapedSerializer):
    """A draft or quote as lists show it."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    kind = serializers.ChoiceField(DraftKind.choices)
    status = serializers.ChoiceField(DraftStatus.choices)
    customer = serializers.UUIDField(source="customer_id")
    currency = serializers.CharField()
    lines = DraftLineSerializer(many=True)
    note = serializers.CharField(allow_blank=True)
    ship_to_country = serializers.CharField(allow_blank=True)
    delivery_address = OneAddress(allow_null=True)
    billing_address = OneAddress(allow_null=True)
    shipping_method = serializers.CharField(allow_blank=True)
    payment_method = serializers.CharField(allow_blank=True)
    coupon = serializers.CharField(source="coupon_code", allow_blank=True)
    discount = Discount(allow_null=True, help_text="Off the whole order.")
    valid_until = serializers.DateField(allow_null=True)
    order = serializers.UUIDField(source="order_id", allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class DraftWorthSerializer(serializers.Serializer):
    lines = serializers.ListField(
        child=serializers.CharField(allow_null=True), help_text="Of each line, with its tax; null without a price."
    )
    subtotal = serializers.CharField(allow_null=True)
    discount_total = serializers.CharField(allow_null=True)
    tax_total = serializers.CharField(allow_null=True)
    shipping_total = serializers.CharField(allow_null=True)
    total = serializers.CharField(allow_null=True, help_text="With the shipping, if the draft names a method.")
    problem = serializers.CharField(
        allow_blank=True, help_text="Why there are no sums: the coupon or the shipping method does not hold."
    )


class DraftInFullSerializer(DraftSerializer):
    worth = DraftWorthSerializer(help_text="What it would cost if it were ordered now.")

    @classmethod
    def represent(cls, instance: Draft) -> dict[str, Any]:
        """The worth is kept nowhere: it is worked out here, of the lines that were read."""
        # Of one draft only: a list of fifty would price fifty carts.
        worth = worth_of(instance, list(instance.lines.all()))
        return DraftSerializer.represent(instance) | {"worth": _represent_worth(worth, instance.currency)}


def _represent_worth(worth: Worth, currency: str) -> dict[str, Any]:
    def money(amount: Decimal | None) -> str | None:
        # A line whose variant has no price in the draft's currency makes the sums unknown, not smaller.
        return None if amount is None else format_money(amount, currency)

    sums = worth.amounts
    return {
        "lines": [None if line is None else money(line_total(line)) for line in worth.lines],
        "subtotal": money(sums.subtotal if sums else None),
        "discount_total": money(sums.discount_total if sums else None),
        "tax_total": money(sums.tax_total if sums else None),
        "shipping_total": money(sums.shipping_total if sums else None),
        "total": money(sums.total if sums else None),
        "problem": worth.problem,
    }
