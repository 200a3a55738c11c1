"""What a change of an order's lines would come to, as the API shows it."""

from typing import Any

from rest_framework import serializers

from orders.editing.new_lines import NewLine
from orders.editing.planning import LineChange
from orders.pricing.amounts import LineAmounts
from orders.services.orders.edit_order import EditPreview
from shared.money.amounts import format_money


class PreviewedLineSerializer(serializers.Serializer):
    item = serializers.UUIDField(allow_null=True, help_text="Null for a new line.")
    variant = serializers.UUIDField()
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity_before = serializers.IntegerField(min_value=0)
    quantity = serializers.IntegerField(min_value=0)
    unit_price = serializers.CharField()
    discount_amount = serializers.CharField()
    total_price = serializers.CharField()
    tax_amount = serializers.CharField()


class ShortLineSerializer(serializers.Serializer):
    variant = serializers.UUIDField()
    sku = serializers.CharField()
    requested = serializers.IntegerField()
    available = serializers.IntegerField()


class EditPreviewSerializer(serializers.Serializer):
    """`total_before` and `total` are the order's or sub-order's own; the money is the whole order's."""

    lines = PreviewedLineSerializer(many=True, help_text="Those that would change.")
    total_before = serializers.CharField()
    total = serializers.CharField()
    difference = serializers.CharField(help_text="What the total grows by.")
    amount_due = serializers.CharField(help_text="What would then still be to pay.")
    refundable = serializers.CharField(help_text="What would go back to the buyer.")
    currency = serializers.CharField()
    shortages = ShortLineSerializer(many=True, help_text="What there is too little of: then it would be refused.")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        # The declaration is for the OpenAPI; a preview is no record whose members could be read one by one.
        return represent_preview(instance)


def represent_preview(preview: EditPreview) -> dict[str, Any]:
    """The preview as EditPreviewSerializer declares it."""
    plan = preview.plan
    currency = plan.seller_order.currency
    return {
        "lines": [
            *(_changed_line(change, currency) for change in plan.changes),
            *(_added_line(addition, currency) for addition in plan.additions),
        ],
        "total_before": format_money(plan.seller_order.total, currency),
        "total": format_money(plan.seller_order.total + plan.difference.total, currency),
        "difference": format_money(plan.difference.total, currency),
        "amount_due": format_money(preview.money.due, currency),
        "refundable": format_money(preview.money.back, currency),
        "currency": currency,
        "shortages": list(preview.shortages),
    }


def _changed_line(change: LineChange, currency: str) -> dict[str, Any]:
    return {
        "item": str(change.item.pk),
        "variant": str(change.item.variant_id),
        "sku": change.item.sku,
        "name": change.item.name,
        "quantity_before": change.before,
        "quantity": change.after,
        **_line_amounts(change.amounts, currency),
    }


def _added_line(addition: NewLine, currency: str) -> dict[str, Any]:
    return {
        "item": None,
        "variant": str(addition.sellable.variant_id),
        "sku": addition.sellable.sku,
        "name": addition.sellable.name,
        "quantity_before": 0,
        "quantity": addition.quantity,
        **_line_amounts(addition.amounts, currency),
    }


def _line_amounts(amounts: LineAmounts, currency: str) -> dict[str, str]:
    return {
        "unit_price": format_money(amounts.unit_price, currency),
        "discount_amount": format_money(amounts.discount_amount, currency),
        "total_price": format_money(amounts.total_price, currency),
        "tax_amount": format_money(amounts.tax_amount, currency),
    }
