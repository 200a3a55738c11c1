"""Refunds over HTTP: staff give back, pay out and try again; customers see their own."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from orders.api.order_tags import order_etag
from orders.api.orders.serializers import OrderInFullSerializer
from orders.api.record_access import check_order_exists, check_order_is_theirs, of_accessible_orders, represent_to
from orders.api.refunds import openapi as examples
from orders.api.refunds.bodies import CancelPaidOrderBody, RefundOrderBody, RetryRefundBody, SettleRefundBody
from orders.api.refunds.filters import RefundFilter
from orders.api.refunds.representations import RefundSerializer
from orders.models.refund import Refund
from orders.reads.in_full import get_order_in_full
from orders.reads.orders import ids_of_whole
from orders.refunds.queries import read_refunds, refunds_in_full
from orders.services.orders.cancel_paid_order import cancel_paid_order
from orders.services.refunds.refund_order import refund_order
from orders.services.refunds.settle_refund import retry_refund, settle_refund
from orders.states import CancelReason
from shared.api.bodies import parse_body
from shared.api.conditional import expected_version
from shared.api.permissions import IsSignedIn, IsStaff, Needed
from shared.api.principal import actor_of
from shared.api.schema import IF_MATCH, problems
from shared.api.viewsets import Resource
from shared.planner.lookups import one_of
from users.models.api_key import Scope

MAY_REFUND = "orders.refund_order"


@extend_schema_view(
    list=extend_schema(responses={200: RefundSerializer(many=True)}, summary="Refunds, newest first"),
    retrieve=extend_schema(responses={200: RefundSerializer}, summary="One refund"),
)
@extend_schema(tags=["refunds"])
class RefundViewSet(ListModelMixin, RetrieveModelMixin, Resource):
    """Staff see all, a customer's login its own: another's is a 404."""

    queryset = Refund.objects.none()
    serializer_class = RefundSerializer
    filterset_class = RefundFilter
    required_scopes: ClassVar[dict[str, Needed]] = {"read": Scope.ORDERS_READ, "write": Scope.PAYMENTS_WRITE}
    required_permissions: ClassVar[dict[str, Needed | None]] = {"settlement": MAY_REFUND, "retry": MAY_REFUND}

    def get_permissions(self) -> list[Any]:
        # Customers read their refunds, and decide nothing about them.
        return [IsStaff() if self.action in self.required_permissions else IsSignedIn()]

    def get_queryset(self) -> QuerySet[Refund]:
        """The refunds that exist for whoever asks."""
        return of_accessible_orders(self.request, refunds_in_full())

    @extend_schema(
        request=SettleRefundBody,
        examples=examples.SETTLE,
        responses={200: RefundSerializer, **problems(409)},
        summary="It was paid out by hand",
    )
    @action(detail=True, methods=["post"])
    def settlement(self, request: Request, pk: UUID) -> Response:
        # Whose it is is asked first: of another's refund nobody learns whether it can be settled.
        self.get_object()
        body = parse_body(SettleRefundBody, request.data)
        settle_refund(refund_id=pk, actor=actor_of(request), reference=body.reference)
        return self.show(self.get_object())

    @extend_schema(
        request=RetryRefundBody,
        examples=examples.RETRY,
        responses={200: RefundSerializer, **problems(409)},
        summary="Ask the provider once more, after it refused",
    )
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: UUID) -> Response:
        self.get_object()
        parse_body(RetryRefundBody, request.data)
        retry_refund(refund_id=pk, actor=actor_of(request))
        return self.show(self.get_object())


@extend_schema(tags=["refunds"])
class OrderRefundViewSet(Resource):
    """The refunds of one order: of a split one all its sub-orders'."""

    queryset = Refund.objects.none()
    serializer_class = RefundSerializer
    required_scopes: ClassVar[dict[str, Needed]] = {"read": Scope.ORDERS_READ, "write": Scope.PAYMENTS_WRITE}
    required_permissions: ClassVar[dict[str, Needed | None]] = {"create": MAY_REFUND}

    def get_permissions(self) -> list[Any]:
        return [IsStaff() if self.action == "create" else IsSignedIn()]

    @extend_schema(responses={200: RefundSerializer(many=True)}, summary="An order's refunds, newest first")
    def list(self, request: Request, pk: UUID) -> Response:
        check_order_exists(request, pk)
        # A split order's refunds hang on its sub-orders.
        rows = refunds_in_full().filter(one_of("order_id", ids_of_whole(pk))).order_by("-id")
        page = self.paginate_queryset(of_accessible_orders(request, rows))
        return self.get_paginated_response([RefundSerializer.represent(row) for row in page or ()])

    @extend_schema(
        request=RefundOrderBody,
        examples=examples.REFUND,
        parameters=[IF_MATCH],
        responses={
            201: OpenApiResponse(examples.REFUNDS_MADE, "One for each payment that gives."),
            **problems(409, 412),
        },
        summary="Give money back for lines, shipping or a free amount",
    )
    def create(self, request: Request, pk: UUID) -> Response:
        """Units that have not left are called off; shipping, fees and free amounts are of one sub-order."""
        check_order_is_theirs(request, pk)
        body = parse_body(RefundOrderBody, request.data)
        made = refund_order(
            order_id=pk,
            requested=body.to_refund_request(),
            reason=body.reason,
            actor=actor_of(request),
            expected_version=expected_version(request, body.version),
        )
        # Kept with the key: asked again, the same refunds are shown, as they are then.
        self.made = tuple(str(refund.pk) for refund in made)
        return _answer_made(self.made)

    def show_made(self, request: Request, made: Sequence[str], **kwargs: Any) -> Response:
        return _answer_made(made)


@extend_schema(tags=["orders"])
class OrderCancellationViewSet(Resource):
    """Cancelling a paid order."""

    queryset = Refund.objects.none()
    permission_classes = (IsStaff,)
    # Both: it ends the order and gives its money back, and a key for one of the two must not do the other.
    required_scopes: ClassVar[dict[str, Needed]] = {"write": (Scope.ORDERS_WRITE, Scope.PAYMENTS_WRITE)}
    required_permissions: ClassVar[dict[str, Needed | None]] = {"create": (MAY_REFUND, "orders.cancel_order")}

    @extend_schema(
        request=CancelPaidOrderBody,
        examples=examples.CANCEL,
        parameters=[IF_MATCH],
        responses={200: OrderInFullSerializer, **problems(409, 412)},
        summary="Cancel a paid order of which nothing was shipped, and give everything back",
    )
    def create(self, request: Request, pk: UUID) -> Response:
        check_order_is_theirs(request, pk)
        body = parse_body(CancelPaidOrderBody, request.data)
        cancel_paid_order(
            order_id=pk,
            actor=actor_of(request),
            reason=CancelReason(body.reason),
            note=body.note,
            restocking_fee=body.restocking_fee,
            expected_version=expected_version(request, body.version),
        )
        order = get_order_in_full(pk)
        return Response(represent_to(request, order), headers={"ETag": order_etag(request, order.version)})


def _answer_made(made: Sequence[str]) -> Response:
    return Response([RefundSerializer.represent(row) for row in read_refunds(ids=[UUID(each) for each in made])], 201)
