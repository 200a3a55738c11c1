"""Coupons and shipping methods, over HTTP."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from orders.models.coupon import Coupon, CouponKind
from orders.models.shipping_method import ShippingMethod
from orders.services.pricing.save_coupon import save_coupon
from orders.services.pricing.save_shipping_method import save_shipping_method
from shared.api.permissions import IsStaff, Needed, PublicReads
from shared.api.principal import staff_may
from shared.api.schema import writes
from shared.api.serializers import CurrencyCode, MoneyAmount, StrictSerializer
from shared.api.viewsets import Resource
from users.models.api_key import Scope

_MONEY: dict[str, Any] = {"max_digits": 15, "decimal_places": 3, "min_value": 0}


@extend_schema_serializer(
    examples=[OpenApiExample("Ten percent off", value={"code": "SUMMER", "value": "10"}, request_only=True)]
)
class CouponBody(StrictSerializer):
    code = serializers.RegexField(r"^[A-Za-z0-9_-]{1,40}$", help_text="Capitals do not matter.")
    kind = serializers.ChoiceField(CouponKind.choices, required=False)
    value = serializers.DecimalField(**_MONEY, required=False, help_text="Percent, or an amount in the currency.")
    currency = CurrencyCode(required=False, allow_blank=True)
    min_subtotal = serializers.DecimalField(**_MONEY, required=False)
    customer_group = serializers.UUIDField(source="customer_group_id", allow_null=True, required=False)
    valid_from = serializers.DateTimeField(allow_null=True, required=False)
    valid_until = serializers.DateTimeField(allow_null=True, required=False, help_text="Not valid at or after it.")
    usage_limit = serializers.IntegerField(min_value=0, max_value=2**31 - 1, allow_null=True, required=False)
    customer_limit = serializers.IntegerField(min_value=0, max_value=2**31 - 1, allow_null=True, required=False)
    is_active = serializers.BooleanField(required=False)


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


@writes(CouponBody, CouponSerializer)
class CouponViewSet(ListModelMixin, RetrieveModelMixin, Resource):
    """Codes that take something off an order. DELETE switches one off: orders name it."""

    permission_classes = (IsStaff,)
    required_scopes: ClassVar[dict[str, Needed]] = {"read": Scope.ORDERS_READ, "write": Scope.CATALOG_WRITE}
    serializer_class = CouponSerializer
    queryset = Coupon.objects.none()

    def get_queryset(self) -> QuerySet[Coupon]:
        return Coupon.objects.order_by("-id")

    def create(self, request: Request) -> Response:
        return self.created(save_coupon(coupon_id=None, values=self.parse(CouponBody)))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        return self.show(save_coupon(coupon_id=pk, values=self.parse(CouponBody, partial=True)))

    def destroy(self, request: Request, pk: UUID) -> Response:
        save_coupon(coupon_id=pk, values={"is_active": False})
        return Response(status=204)


@writes(ShippingMethodBody, ShippingMethodSerializer)
class ShippingMethodViewSet(ListModelMixin, RetrieveModelMixin, Resource):
    """How orders can travel: anyone reads the active ones. DELETE switches one off: orders name it."""

    permission_classes = (PublicReads,)
    required_scopes: ClassVar[dict[str, Needed]] = {"write": Scope.CATALOG_WRITE}
    serializer_class = ShippingMethodSerializer
    queryset = ShippingMethod.objects.none()

    def get_queryset(self) -> QuerySet[ShippingMethod]:
        methods = ShippingMethod.objects.order_by("-id")
        sees_all = staff_may(self.request, "orders.view_shippingmethod")
        return methods if sees_all else methods.filter(is_active=True)

    def create(self, request: Request) -> Response:
        return self.created(save_shipping_method(method_id=None, values=self.parse(ShippingMethodBody)))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        values = self.parse(ShippingMethodBody, partial=True)
        return self.show(save_shipping_method(method_id=pk, values=values))

    def destroy(self, request: Request, pk: UUID) -> Response:
        save_shipping_method(method_id=pk, values={"is_active": False})
        return Response(status=204)
