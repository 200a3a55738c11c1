"""The timeline over HTTP, for staff."""

from uuid import UUID

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.resource import CrmResource, check_reach
from crm.api.timeline import bodies, filters, representations
from crm.models.activity import Activity
from crm.services.timeline.add_activity import add_activity
from crm.timeline.visibility import about_visible
from orders.models.order import Order
from orders.reads.for_sellers import orders_reached
from shared.api.principal import actor_of
from shared.api.schema import writes
from shared.errors import NotFound


@writes(bodies.ActivityBody, representations.ActivitySerializer, refers=True)
class ActivityViewSet(CrmResource):
    """The timeline of customers, leads and deals. What is written stays as it is."""

    http_method_names = ["get", "post", "head"]
    serializer_class = representations.ActivitySerializer
    filterset_class = filters.ActivityFilters
    queryset = Activity.objects.all()
    ordering = ("-happened_at", "-id")
    ordering_fields = ("happened_at",)

    def get_queryset(self) -> QuerySet[Activity]:
        return about_visible(self.request.user, super().get_queryset(), "customer", "lead")

    def create(self, request: Request) -> Response:
        body = self.parse(bodies.ActivityBody)
        check_reach(request, body)
        if "order_id" in body:
            _check_order(request, body["order_id"])
        return self.created(add_activity(actor=actor_of(request), **body))


def _check_order(request: Request, order_id: UUID) -> None:
    """Raises NotFound for an order that the caller does not see, or whose customer they do not: a comment on it stands
    on the customer, too."""
    order = orders_reached(request.user, Order.objects.filter(pk=order_id)).only("customer_id").first()
    if order is None or not request.user.has_perm("orders.view_order"):
        raise NotFound("There is no such order.")
    check_reach(request, {"customer_id": order.customer_id})
