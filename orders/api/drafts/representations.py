"""Drafts and quotes as the API shows them."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from orders.drafts.worth import Worth, line_total, worth_of
from orders.models.draft import Draft, DraftKind, DraftStatus
from shared.api.serializers import MoneyText
from shared.api.shapes.shaped import ShapedSerializer
from shared.money.amounts import format_money


class DraftLineSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    variant = serializers.UUIDField(source="variant_id")
    seller = serializers.UUIDField(source="seller_id", allow_null=True)
    quantity = serializers.IntegerField(min_value=1)
    agreed_price = MoneyText(allow_null=True)


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
    tax_total = serializers.CharField(allow_null=True)
    total = serializers.CharField(allow_null=True, help_text="Without shipping.")


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
        "tax_total": money(sums.tax_total if sums else None),
        "total": money(sums.total if sums else None),
    }
