"""Units that wait for goods, over HTTP: staff see all, a customer its own."""

from typing import ClassVar

from django.db.models import QuerySet
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin

from catalog.seller_access import of_sellers_of
from orders.api.backorders.filters import BackorderFilter
from orders.api.backorders.representations import BackorderSerializer
from orders.api.record_access import visible_to
from orders.models.backorder import Backorder
from shared.api.permissions import IsSignedIn, Needed
from shared.api.viewsets import Resource
from users.models.api_key import Scope


class BackorderViewSet(ListModelMixin, RetrieveModelMixin, Resource):
    """Units of orders' lines that were sold before they were in stock."""

    queryset = Backorder.objects.none()
    permission_classes = (IsSignedIn,)
    serializer_class = BackorderSerializer
    filterset_class = BackorderFilter
    required_scopes: ClassVar[dict[str, Needed]] = {"read": Scope.ORDERS_READ}

    def get_queryset(self) -> QuerySet[Backorder]:
        # For the order's id, which stands with the line.
        rows = Backorder.objects.select_related("item").filter(visible_to(self.request, "item__order__"))
        # By its own column, which the line's seller is copied to: no join for a seller's list.
        return of_sellers_of(self.request.user, rows, "seller_id")
