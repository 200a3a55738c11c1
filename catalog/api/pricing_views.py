"""Price lists and taxes, over HTTP: for staff."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models.price_list import PriceList
from catalog.models.tax import TaxClass, TaxRate, TaxRegion
from catalog.services.save_price_list import save_price_list
from catalog.services.save_tax_region import save_tax_region
from shared.api.permissions import IsStaff, Needed
from shared.api.schema import writes
from shared.api.serializers import CurrencyCode, StrictSerializer
from shared.api.viewsets import Resource
from shared.money.amounts import format_money
from users.models.api_key import Scope

MAX_PRICES = 5_000


class PriceBody(StrictSerializer):
    variant = serializers.UUIDField(source="variant_id")
    min_quantity = serializers.IntegerField(min_value=1, max_value=1_000_000, default=1)
    amount = serializers.DecimalField(max_digits=15, decimal_places=3, min_value=0, help_text="Of one unit.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A quantity break",
            value={
                "name": "Wholesale",
                "currency": "USD",
                "prices": [{"variant": "019a5a3e-7c7e-7000-8000-000000000001", "min_quantity": 10, "amount": "8.50"}],
            },
            request_only=True,
        )
    ]
)
class PriceListBody(StrictSerializer):
    name = serializers.CharField(max_length=120)
    currency = CurrencyCode()
    customer_group = serializers.UUIDField(source="customer_group_id", allow_null=True, required=False)
    valid_from = serializers.DateTimeField(allow_null=True, required=False)
    valid_until = serializers.DateTimeField(allow_null=True, required=False, help_text="Not valid at or after it.")
    is_active = serializers.BooleanField(required=False)
    prices = serializers.ListField(
        child=PriceBody(), required=False, max_length=MAX_PRICES, help_text="They replace all there are."
    )


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


class TaxRateBody(StrictSerializer):
    tax_class = serializers.ChoiceField(TaxClass.choices, default=TaxClass.STANDARD)
    name = serializers.CharField(max_length=80)
    rate = serializers.DecimalField(max_digits=5, decimal_places=4, min_value=0, max_value=1, help_text="0.19 is 19 %.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Germany",
            value={
                "country": "DE",
                "name": "Germany",
                "prices_include_tax": True,
                "rates": [{"tax_class": "standard", "name": "MwSt. 19 %", "rate": "0.19"}],
            },
            request_only=True,
        )
    ]
)
class TaxRegionBody(StrictSerializer):
    country = serializers.RegexField(r"^[A-Z]{2}$", help_text="ISO 3166.")
    name = serializers.CharField(max_length=120)
    prices_include_tax = serializers.BooleanField(required=False)
    rates = serializers.ListField(
        child=TaxRateBody(), required=False, max_length=3, help_text="They replace all there are."
    )


class TaxRateSerializer(serializers.ModelSerializer):
    class Meta:
        model = TaxRate
        fields = ["tax_class", "name", "rate"]


class TaxRegionSerializer(serializers.ModelSerializer):
    rates = TaxRateSerializer(many=True)

    class Meta:
        model = TaxRegion
        fields = ["id", "country", "name", "prices_include_tax", "rates"]


class PricingResource(ListModelMixin, RetrieveModelMixin, Resource):
    permission_classes = (IsStaff,)
    required_scopes: ClassVar[dict[str, Needed]] = {"read": Scope.CATALOG_WRITE, "write": Scope.CATALOG_WRITE}


@writes(PriceListBody, PriceListSerializer)
class PriceListViewSet(PricingResource):
    """Prices for a group of customers, a time, or a quantity. DELETE switches a list off."""

    serializer_class = PriceListSerializer
    queryset = PriceList.objects.none()

    def get_queryset(self) -> QuerySet[PriceList]:
        return PriceList.objects.prefetch_related("prices").order_by("-id")

    def create(self, request: Request) -> Response:
        return self.created(save_price_list(price_list_id=None, values=self.parse(PriceListBody)))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        return self.show(save_price_list(price_list_id=pk, values=self.parse(PriceListBody, partial=True)))

    def destroy(self, request: Request, pk: UUID) -> Response:
        save_price_list(price_list_id=pk, values={"is_active": False})
        return Response(status=204)


@writes(TaxRegionBody, TaxRegionSerializer)
class TaxRegionViewSet(PricingResource):
    """What orders to a country are taxed by."""

    http_method_names = ["get", "post", "patch", "head"]
    serializer_class = TaxRegionSerializer
    queryset = TaxRegion.objects.none()

    def get_queryset(self) -> QuerySet[TaxRegion]:
        return TaxRegion.objects.prefetch_related("rates").order_by("-id")

    def create(self, request: Request) -> Response:
        return self.created(save_tax_region(region_id=None, values=self.parse(TaxRegionBody)))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        return self.show(save_tax_region(region_id=pk, values=self.parse(TaxRegionBody, partial=True)))
