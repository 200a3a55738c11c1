"""Putting an order's payment deadline off over HTTP."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from orders.api.editing.bodies import ExtendHoldBody
from orders.api.order_tags import order_etag
from orders.api.orders.serializers import OrderInFullSerializer
from orders.api.record_access import check_order_exists, represent_to
from orders.models.order import Order
from orders.reads.in_full import get_order_in_full
from orders.services.orders.extend_hold import extend_hold
from shared.api.bodies import parse_body
from shared.api.conditional import expected_version
from shared.api.permissions import IsSignedIn, Needed
from shared.api.principal import actor_of
from shared.api.schema import IF_MATCH, problems
from shared.api.viewsets import Resource
from users.models.api_key import Scope


@extend_schema(tags=["orders"])
class OrderExtensionViewSet(Resource):
    """Staff who may place orders, and the order's customer."""

    queryset = Order.objects.none()
    permission_classes = (IsSignedIn,)
    required_scopes: ClassVar[dict[str, Needed]] = {"write": Scope.ORDERS_WRITE}
    # The right to place orders, not to change them: whoever takes an order on the phone also says how long it waits.
    required_permissions: ClassVar[dict[str, Needed | None]] = {"create": "orders.add_order"}

    @extend_schema(
        request=ExtendHoldBody,
        parameters=[IF_MATCH],
        examples=[OpenApiExample("Why", value={"reason": "the bank is slow"}, request_only=True)],
        responses={200: OrderInFullSerializer, **problems(409, 412)},
        summary="Put the payment deadline off",
    )
    def create(self, request: Request, pk: UUID) -> Response:
        """By the minutes, and as often, as the shop's policy for the order says. `reservation_expired` once the
        deadline is past, `extension_limit` when it was put off often enough."""
        check_order_exists(request, pk)
        body = parse_body(ExtendHoldBody, request.data)
        version = expected_version(request, body.version)
        extend_hold(order_id=pk, actor=actor_of(request), reason=body.reason, expected_version=version)
        order = get_order_in_full(pk)
        return Response(represent_to(request, order), headers={"ETag": order_etag(request, order.version)})
