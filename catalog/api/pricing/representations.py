"""Price lists and taxes as the API shows them."""

from typing import Any

from rest_framework import serializers

from catalog.models.price_list import PriceList
from catalog.models.tax import TaxRate, TaxRegion
from shared.money.amounts import format_money


class PriceListSerializer(serializers.ModelSerializer):
    customer_group = serializers.UUIDField(source="customer_group_id", allow_null=True)
    prices = serializers.SerializerMethodField()

    class Meta:
        model = PriceList
        fields = ["id", "name", "currency", "customer_group", "valid_from", "valid_until", "is_active", "prices"]

    def get_prices(self, price_list: PriceList) -> list[dict[str, Any]]:
        return [
            {
                "variant": str(price.variant_id),
                "min_quantity": price.min_quantity,
                "amount": format_money(price.amount, price_list.currency),
            }
            for price in price_list.prices.all()
        ]


class TaxRateSerializer(serializers.ModelSerializer):
    class Meta:
        model = TaxRate
        fields = ["tax_class", "name", "rate"]


class TaxRegionSerializer(serializers.ModelSerializer):
    rates = TaxRateSerializer(many=True)

    class Meta:
        model = TaxRegion
        fields = ["id", "country", "name", "prices_include_tax", "rates"]
