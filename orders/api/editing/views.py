"""Changing an order's lines over HTTP."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from orders.api.editing.bodies import EditOrderBody, PreviewEditBody
from orders.api.editing.representations import EditPreviewSerializer, represent_preview
from orders.api.order_tags import order_etag
from orders.api.orders.serializers import OrderInFullSerializer
from orders.api.record_access import check_order_exists, represent_to
from orders.models.order_edit import OrderEdit
from orders.reads.in_full import get_order_in_full
from orders.services.orders.edit_order import edit_order, preview_edit
from shared.api.bodies import parse_body
from shared.api.conditional import expected_version
from shared.api.permissions import IsStaff, Needed, may_also
from shared.api.principal import actor_of
from shared.api.schema import IF_MATCH, problems
from shared.api.viewsets import Resource
from users.models.api_key import Scope

MAY_EDIT = "orders.edit_order"
_LINES = [
    {"item": "019a5a3e-7c7e-7000-8000-000000000001", "quantity": 3},
    {"variant": "TEA-100", "quantity": 1},
]
# Without the reason, which a preview does not take: nothing is written that could keep it.
_TO_PREVIEW = OpenApiExample("Three of one line, and a new one", value={"lines": _LINES}, request_only=True)
_EXAMPLE = OpenApiExample(
    "Three of one line, and a new one", value={"lines": _LINES, "reason": "as told on the phone"}, request_only=True
)


@extend_schema(tags=["orders"])
class OrderLinesViewSet(Resource):
    """Staff change what is not shipped yet. An order that is split between sellers is changed sub-order by
    sub-order."""

    queryset = OrderEdit.objects.none()
    permission_classes = (IsStaff,)
    required_scopes: ClassVar[dict[str, Needed]] = {"write": Scope.ORDERS_WRITE}
    required_permissions: ClassVar[dict[str, Needed | None]] = {"partial_update": MAY_EDIT, "preview": MAY_EDIT}
    nothing_to_lose: ClassVar[dict[str, str]] = {"preview": "Nothing is changed."}

    @extend_schema(
        request=EditOrderBody,
        parameters=[IF_MATCH],
        examples=[_EXAMPLE],
        responses={200: OrderInFullSerializer, **problems(404, 409, 412)},
        summary="Change, drop and add lines",
    )
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Lines keep their price, new ones cost what they cost today. Unpaid, the new total is to be paid. Paid and
        dearer, `amount_due` is open; paid and cheaper, the difference goes back, which needs the right to refund; keys
        the scope `payments:write`."""
        check_order_exists(request, pk)
        body = parse_body(EditOrderBody, request.data)
        edit_order(
            order_id=pk,
            requested=body.to_edit_request(),
            actor=actor_of(request),
            reason=body.reason,
            # Asked of the key's scope as well as of its owner's right, and only used if money would go back: a till may
            # change lines without being able to pay out.
            may_refund=may_also(request, permission="orders.refund_order", scope=Scope.PAYMENTS_WRITE),
            expected_version=expected_version(request, body.version),
        )
        order = get_order_in_full(pk)
        return Response(represent_to(request, order), headers={"ETag": order_etag(request, order.version)})

    @extend_schema(
        request=PreviewEditBody,
        parameters=[IF_MATCH],
        examples=[_TO_PREVIEW],
        responses={200: EditPreviewSerializer, **problems(404, 409, 412)},
        summary="What a change of lines would come to",
    )
    def preview(self, request: Request, pk: UUID) -> Response:
        check_order_exists(request, pk)
        body = parse_body(PreviewEditBody, request.data)
        version = expected_version(request, body.version)
        return Response(
            represent_preview(preview_edit(order_id=pk, requested=body.to_edit_request(), expected_version=version))
        )
