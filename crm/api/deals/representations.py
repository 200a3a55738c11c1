"""Deals over HTTP: what is answered."""

from typing import Any

from rest_framework import serializers

from crm.api.fields import linked_id
from crm.models.deal import Deal
from crm.models.deal_line import DealLine
from shared.api.serializers import MoneyAmount
from shared.money.amounts import format_money
from users.api.representations import CustomValues


class AgreedPrice(MoneyAmount):
    """In the deal's currency."""

    def get_attribute(self, instance: DealLine) -> Any:
        return format_money(instance.unit_price, instance.deal.currency)


class DealLineSerializer(serializers.ModelSerializer):
    variant = serializers.UUIDField(source="variant_id")
    sku = serializers.CharField(source="variant.sku")
    unit_price = AgreedPrice(help_text="Net, in the deal's currency.")

    class Meta:
        model = DealLine
        fields = ["id", "variant", "sku", "quantity", "unit_price"]
        read_only_fields = fields


class DealSerializer(serializers.ModelSerializer):
    customer = serializers.UUIDField(source="customer_id")
    pipeline = serializers.UUIDField(source="pipeline_id")
    stage = serializers.UUIDField(source="stage_id")
    owner = linked_id("owner", "The colleague who works on it.")
    order = linked_id("order", "The order it became.")
    value = MoneyAmount(help_text="In `currency`; the sum of the lines where there are some.")
    custom_fields = CustomValues()
    lines = DealLineSerializer(many=True)

    class Meta:
        model = Deal
        fields = [
            "id",
            "title",
            "customer",
            "pipeline",
            "stage",
            "status",
            "value",
            "currency",
            "probability",
            "expected_close",
            "owner",
            "lost_reason",
            "custom_fields",
            "lines",
            "order",
            "closed_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields
