"""What the routes of coupons, shipping and payment methods accept."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from orders.models.coupon import CouponKind
from orders.models.payment_method import MOST_MINUTES, ChosenBy, PaidThrough
from shared.api.serializers import CurrencyCode, StrictSerializer

# Three decimals for any currency; whether this one has them is the service's to check, for the admin as well.
_MONEY: dict[str, Any] = {"max_digits": 15, "decimal_places": 3, "min_value": 0}


@extend_schema_serializer(
    examples=[OpenApiExample("Ten percent off", value={"code": "SUMMER", "value": "10"}, request_only=True)]
)
class CouponBody(StrictSerializer):
    code = serializers.RegexField(r"^[A-Za-z0-9_-]{1,40}$", help_text="Capitals do not matter.")
    # What is required depends on the kind, which the service knows, for the admin as well.
    kind = serializers.ChoiceField(CouponKind.choices, required=False)
    value = serializers.DecimalField(**_MONEY, required=False, help_text="Percent, or an amount in the currency.")
    currency = CurrencyCode(required=False, allow_blank=True)
    min_subtotal = serializers.DecimalField(**_MONEY, required=False)
    customer_group = serializers.UUIDField(source="customer_group_id", allow_null=True, required=False)
    valid_from = serializers.DateTimeField(allow_null=True, required=False)
    valid_until = serializers.DateTimeField(allow_null=True, required=False, help_text="Not valid at or after it.")
    # The column's own range: beyond it the database would refuse, and the answer be a 500.
    usage_limit = serializers.IntegerField(min_value=0, max_value=2**31 - 1, allow_null=True, required=False)
    customer_limit = serializers.IntegerField(min_value=0, max_value=2**31 - 1, allow_null=True, required=False)
    is_active = serializers.BooleanField(required=False)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Post",
            value={"code": "post", "name": "Parcel post", "currency": "USD", "price": "6.00", "countries": ["UA"]},
            request_only=True,
        )
    ]
)
class ShippingMethodBody(StrictSerializer):
    code = serializers.SlugField(max_length=40)
    name = serializers.CharField(max_length=120)
    currency = CurrencyCode()
    price = serializers.DecimalField(**_MONEY)
    free_from = serializers.DecimalField(**_MONEY, allow_null=True, required=False)
    tax_rate = serializers.DecimalField(max_digits=5, decimal_places=4, min_value=0, max_value=1, required=False)
    countries = serializers.ListField(
        child=serializers.CharField(max_length=2), max_length=250, required=False, help_text="ISO 3166; empty: all."
    )
    is_active = serializers.BooleanField(required=False)
    position = serializers.IntegerField(min_value=0, max_value=32_767, required=False)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Bank transfer",
            value={
                "code": "bank_transfer",
                "name": "Bank transfer",
                "instructions": "Please transfer {amount} with the reference {order} to {accounts}",
                "minutes": 10_080,
            },
            request_only=True,
        )
    ]
)
class PaymentMethodBody(StrictSerializer):
    code = serializers.SlugField(max_length=30)
    name = serializers.CharField(max_length=120)
    instructions = serializers.CharField(
        max_length=2_000,
        allow_blank=True,
        required=False,
        help_text="{order}, {amount} and {accounts}: the order's number, what is to be paid, the shop's accounts.",
    )
    provider = serializers.ChoiceField(PaidThrough.choices, required=False)
    minutes = serializers.IntegerField(
        min_value=0,
        max_value=MOST_MINUTES,
        allow_null=True,
        required=False,
        help_text="To pay; 0: until paid; null: as for orders that name no method.",
    )
    chosen_by = serializers.ChoiceField(ChosenBy.choices, required=False)
    is_staff_default = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)
    position = serializers.IntegerField(min_value=0, max_value=32_767, required=False)
