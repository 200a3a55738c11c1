"""Returns over HTTP: customers and staff ask for them, staff decide, receive and refund."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from orders.api.record_access import check_order_exists, check_order_is_theirs, of_accessible_orders
from orders.api.refunds import openapi as examples
from orders.api.refunds.bodies import (
    ApproveReturnBody,
    ReceiveReturnBody,
    RefundReturnBody,
    RejectReturnBody,
    RequestReturnBody,
    WithdrawReturnBody,
)
from orders.api.refunds.filters import ReturnFilter
from orders.api.refunds.representations import ReturnSerializer
from orders.api.refunds.views import MAY_REFUND
from orders.models.order_return import Return
from orders.reads.orders import ids_of_whole
from orders.refunds.queries import returns_in_full
from orders.services.returns.decide_return import approve_return, reject_return, withdraw_return
from orders.services.returns.receive_return import receive_return
from orders.services.returns.refund_return import refund_return
from orders.services.returns.request_return import request_return
from orders.states import Trigger
from shared.api.bodies import parse_body
from shared.api.conditional import etag, expected_version
from shared.api.permissions import IsSignedIn, IsStaff, Needed
from shared.api.principal import actor_of, is_staff
from shared.api.schema import IF_MATCH, problems
from shared.api.viewsets import Resource
from shared.planner.lookups import one_of
from users.models.api_key import Scope

_ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200, 201], description='The return\'s version, as in `"3"`.'
)
_ASKS = "orders.add_return"


def _describe_write(body: Any, example: list[OpenApiExample], summary: str) -> Any:
    return extend_schema(
        request=body,
        examples=example,
        parameters=[IF_MATCH, _ETAG],
        responses={200: ReturnSerializer, **problems(409, 412)},
        summary=summary,
    )


@extend_schema_view(
    list=extend_schema(responses={200: ReturnSerializer(many=True)}, summary="Returns, newest first"),
    retrieve=extend_schema(responses={200: ReturnSerializer}, parameters=[_ETAG], summary="One return"),
)
@extend_schema(tags=["returns"])
class ReturnViewSet(ListModelMixin, RetrieveModelMixin, Resource):
    """Staff see all, a customer's login its own: another's is a 404."""

    queryset = Return.objects.none()
    serializer_class = ReturnSerializer
    filterset_class = ReturnFilter
    required_scopes: ClassVar[dict[str, Needed]] = {
        "read": Scope.ORDERS_READ,
        "write": Scope.ORDERS_WRITE,
        # Money apart from goods: a warehouse's key that takes returns in must not be able to pay out.
        "refund": Scope.PAYMENTS_WRITE,
    }
    required_permissions: ClassVar[dict[str, Needed | None]] = {
        **dict.fromkeys(("approval", "rejection", "receipt", "refund"), MAY_REFUND),
        # Whoever may ask for a return on a customer's behalf may take that back as well.
        "withdrawal": _ASKS,
    }

    def get_permissions(self) -> list[Any]:
        # Asking for a return and withdrawing it are the customer's as well.
        staff_only = self.action in {"approval", "rejection", "receipt", "refund"}
        return [IsStaff() if staff_only else IsSignedIn()]

    def get_queryset(self) -> QuerySet[Return]:
        """The returns that exist for whoever asks."""
        return of_accessible_orders(self.request, returns_in_full())

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return _respond_with(self.get_object())

    @_describe_write(ApproveReturnBody, examples.APPROVE, "The customer may send it")
    @action(detail=True, methods=["post"])
    def approval(self, request: Request, pk: UUID) -> Response:
        # Another's return is a 404, before the body is looked at.
        self.get_object()
        body = parse_body(ApproveReturnBody, request.data)
        version = expected_version(request, body.version)
        approve_return(return_id=pk, actor=actor_of(request), answer=body.answer, expected_version=version)
        return _respond_with(self.get_object())

    @_describe_write(RejectReturnBody, examples.REJECT, "It is not taken back")
    @action(detail=True, methods=["post"])
    def rejection(self, request: Request, pk: UUID) -> Response:
        self.get_object()
        body = parse_body(RejectReturnBody, request.data)
        version = expected_version(request, body.version)
        reject_return(return_id=pk, actor=actor_of(request), answer=body.answer, expected_version=version)
        return _respond_with(self.get_object())

    @_describe_write(ReceiveReturnBody, examples.RECEIVE, "The goods came")
    @action(detail=True, methods=["post"])
    def receipt(self, request: Request, pk: UUID) -> Response:
        self.get_object()
        body = parse_body(ReceiveReturnBody, request.data)
        receive_return(
            return_id=pk,
            actor=actor_of(request),
            units=body.units(),
            location_id=body.location,
            note=body.note,
            expected_version=expected_version(request, body.version),
        )
        return _respond_with(self.get_object())

    @_describe_write(RefundReturnBody, examples.REFUND_RETURN, "Give the money for what came back")
    @action(detail=True, methods=["post"])
    def refund(self, request: Request, pk: UUID) -> Response:
        self.get_object()
        body = parse_body(RefundReturnBody, request.data)
        refund_return(
            return_id=pk,
            actor=actor_of(request),
            restocking_fee=body.restocking_fee,
            shipping=body.shipping,
            note=body.note,
            expected_version=expected_version(request, body.version),
        )
        return _respond_with(self.get_object())

    @_describe_write(WithdrawReturnBody, examples.WITHDRAW, "It is not sent after all")
    @action(detail=True, methods=["post"])
    def withdrawal(self, request: Request, pk: UUID) -> Response:
        self.get_object()
        body = parse_body(WithdrawReturnBody, request.data)
        withdraw_return(
            return_id=pk,
            actor=actor_of(request),
            # Who asks decides how far it may have gone: see the table of states.
            by=Trigger.STAFF if is_staff(request) else Trigger.CUSTOMER,
            note=body.note,
            expected_version=expected_version(request, body.version),
        )
        return _respond_with(self.get_object())


@extend_schema(tags=["returns"])
class OrderReturnViewSet(Resource):
    """The returns of one order: of a split one all its sub-orders'."""

    queryset = Return.objects.none()
    serializer_class = ReturnSerializer
    permission_classes = (IsSignedIn,)
    required_scopes: ClassVar[dict[str, Needed]] = {"read": Scope.ORDERS_READ, "write": Scope.ORDERS_WRITE}
    required_permissions: ClassVar[dict[str, Needed | None]] = {"create": _ASKS}

    @extend_schema(responses={200: ReturnSerializer(many=True)}, summary="An order's returns, newest first")
    def list(self, request: Request, pk: UUID) -> Response:
        check_order_exists(request, pk)
        rows = returns_in_full().filter(one_of("order_id", ids_of_whole(pk))).order_by("-id")
        page = self.paginate_queryset(of_accessible_orders(request, rows))
        return self.get_paginated_response([ReturnSerializer.represent(row) for row in page or ()])

    @extend_schema(
        request=RequestReturnBody,
        examples=examples.REQUEST,
        parameters=[IF_MATCH, OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[201]), _ETAG],
        responses={201: ReturnSerializer, **problems(409, 412)},
        summary="Ask to send goods back",
    )
    def create(self, request: Request, pk: UUID) -> Response:
        """Units of one seller's lines that were shipped and are in no other return."""
        check_order_is_theirs(request, pk)
        body = parse_body(RequestReturnBody, request.data)
        made = request_return(
            order_id=pk,
            units=[(line.item, line.quantity) for line in body.items],
            reason=body.reason,
            actor=actor_of(request),
            expected_version=expected_version(request, body.version),
        )
        # Read again, with what a return is shown with; an answer after writing is what a GET gives.
        return _respond_with(returns_in_full().get(pk=made.pk), 201, {"Location": f"/api/v1/returns/{made.pk}"})


def _respond_with(found: Return, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(ReturnSerializer.represent(found), status, headers={"ETag": etag(found.version), **(headers or {})})
