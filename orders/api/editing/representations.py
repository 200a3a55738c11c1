"""What a change of an order's lines would come to, as the API shows it."""

from typing import Any

from rest_framework import serializers

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
    """`total_before` and `total` are the order's or part's own; the money is the whole order's."""

    lines = PreviewedLineSerializer(many=True, help_text="Those that would change.")
    total_before = serializers.CharField()
    total = serializers.CharField()
    difference = serializers.CharField(help_text="What the total grows by.")
    amount_due = serializers.CharField(help_text="What would then still be to pay.")
    refundable = serializers.CharField(help_text="What would go back to the buyer.")
    currency = serializers.CharField()
    shortages = ShortLineSerializer(many=True, help_text="What there is too little of: then it would be refused.")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return represent_preview(instance)


def represent_preview(preview: EditPreview) -> dict[str, Any]:
    plan = preview.plan
    currency = plan.seller_order.currency

    def money(amount: Any) -> str:
        return format_money(amount, currency)

    def line(of: Any, amounts: Any) -> dict[str, Any]:
        return {
            **of,
            "unit_price": money(amounts.unit_price),
            "discount_amount": money(amounts.discount_amount),
            "total_price": money(amounts.total_price),
            "tax_amount": money(amounts.tax_amount),
        }

    changed = [
        line(
            {
                "item": str(change.item.pk),
                "variant": str(change.item.variant_id),
                "sku": change.item.sku,
                "name": change.item.name,
                "quantity_before": change.before,
                "quantity": change.after,
            },
            change.amounts,
        )
        for change in plan.changes
    ]
    added = [
        line(
            {
                "item": None,
                "variant": str(new.offer.variant_id),
                "sku": new.offer.sku,
                "name": new.offer.name,
                "quantity_before": 0,
                "quantity": new.quantity,
            },
            new.amounts,
        )
        for new in plan.additions
    ]
    return {
        "lines": changed + added,
        "total_before": money(plan.seller_order.total),
        "total": money(plan.seller_order.total + plan.difference.total),
        "difference": money(plan.difference.total),
        "amount_due": money(preview.money.due),
        "refundable": money(preview.money.back),
        "currency": currency,
        "shortages": list(preview.shortages),
    }
