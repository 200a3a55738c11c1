"""Price lists and taxes, over HTTP: for staff."""

from typing import ClassVar
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.pricing.bodies import PriceListBody, TaxRegionBody
from catalog.api.pricing.representations import PriceListSerializer, TaxRegionSerializer
from catalog.models.price_list import PriceList
from catalog.models.tax import TaxRegion
from catalog.services.save_price_list import save_price_list
from catalog.services.save_tax_region import save_tax_region
from shared.api.permissions import IsStaff, Needed
from shared.api.schema import writes
from shared.api.viewsets import Resource
from users.models.api_key import Scope


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
