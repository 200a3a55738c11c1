"""Coupons, shipping and payment methods as the API shows them."""

from rest_framework import serializers

from orders.models.coupon import Coupon
from orders.models.payment_method import PaymentMethod
from orders.models.shipping_method import ShippingMethod
from shared.api.serializers import MoneyAmount


class CouponSerializer(serializers.ModelSerializer):
    customer_group = serializers.UUIDField(source="customer_group_id", allow_null=True)

    class Meta:
        model = Coupon
        fields = [
            "id",
            "code",
            "kind",
            "value",
            "currency",
            "min_subtotal",
            "customer_group",
            "valid_from",
            "valid_until",
            "usage_limit",
            "customer_limit",
            "used_count",
            "is_active",
        ]


class ShippingMethodSerializer(serializers.ModelSerializer):
    price = MoneyAmount()
    free_from = MoneyAmount(allow_null=True)
    countries = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = ShippingMethod
        fields = [
            "id",
            "code",
            "name",
            "currency",
            "price",
            "free_from",
            "tax_rate",
            "countries",
            "is_active",
            "position",
        ]


class PaymentMethodSerializer(serializers.ModelSerializer):
    class Meta:
        model = PaymentMethod
        fields = [
            "id",
            "code",
            "name",
            "instructions",
            "provider",
            "minutes",
            "chosen_by",
            "is_staff_default",
            "is_active",
            "position",
        ]
