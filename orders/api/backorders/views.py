"""Units that wait for goods, over HTTP: staff see all, a customer its own."""

from typing import ClassVar

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin

from catalog.seller_access import of_sellers_of
from orders.api.orders.filters import WholeOrderFilter
from orders.api.record_access import visible_to
from orders.models.backorder import Backorder, BackorderStatus
from shared.api.permissions import IsSignedIn, Needed
from shared.api.viewsets import Resource
from users.models.api_key import Scope


class BackorderSerializer(serializers.ModelSerializer):
    order = serializers.UUIDField(source="item.order_id")
    item = serializers.UUIDField(source="item_id")
    variant = serializers.UUIDField(source="variant_id")
    seller = serializers.UUIDField(source="seller_id")
    filled_quantity = serializers.IntegerField(help_text="Units that have come: they are held or sold.")
    waiting = serializers.IntegerField(help_text="Units still to come.")

    class Meta:
        model = Backorder
        fields = [
            "id",
            "order",
            "item",
            "variant",
            "seller",
            "quantity",
            "filled_quantity",
            "waiting",
            "status",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class BackorderFilter(django_filters.FilterSet):
    order = WholeOrderFilter(field_name="item__order_id")
    item = django_filters.UUIDFilter(field_name="item_id")
    variant = django_filters.UUIDFilter(field_name="variant_id")
    status = django_filters.ChoiceFilter(choices=BackorderStatus.choices)

    class Meta:
        model = Backorder
        fields: ClassVar[list[str]] = []


class BackorderViewSet(ListModelMixin, RetrieveModelMixin, Resource):
    """Units of orders' lines that were sold before they were in stock."""

    queryset = Backorder.objects.none()
    permission_classes = (IsSignedIn,)
    serializer_class = BackorderSerializer
    filterset_class = BackorderFilter
    required_scopes: ClassVar[dict[str, Needed]] = {"read": Scope.ORDERS_READ}

    def get_queryset(self) -> QuerySet[Backorder]:
        rows = Backorder.objects.select_related("item").filter(visible_to(self.request, "item__order__"))
        return of_sellers_of(self.request.user, rows, "seller_id")
