"""Shipments over HTTP: staff pack, send, deliver and unpack; customers follow their own."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.seller_access import of_sellers_of, sellers_of
from orders.api.pdf import pdf_answer
from orders.api.record_access import may_be_unsettled
from orders.api.shipments.bodies import CancelShipmentBody, DeliverShipmentBody, PackShipmentBody, SendShipmentBody
from orders.api.shipments.filters import ShipmentFilter
from orders.api.shipments.representations import ShipmentItemSerializer, ShipmentSerializer
from orders.documents.drawing import packing_slip_pdf
from orders.lifecycle.locking import OrderNotFound
from orders.models.order import Order
from orders.models.shipment import Shipment, ShipmentItem
from orders.reads.for_sellers import orders_reached
from orders.services.shipments.change_shipment import cancel_shipment, deliver_shipment, ship_shipment
from orders.services.shipments.pack_shipment import pack_shipment
from orders.shipping.queries import shipments_in_full
from shared.api.bodies import parse_body
from shared.api.conditional import etag, expected_version
from shared.api.permissions import IsSignedIn, IsStaff, Needed
from shared.api.principal import actor_of, customer_id_of, is_staff
from shared.api.reads import Members, Row, ShapedReads, by_last_column, keys_of
from shared.api.schema import IF_MATCH, PDF, problems
from shared.api.shapes.shape import Shape, shape_of
from shared.api.shapes.sparse import FIELDS
from shared.api.viewsets import Resource
from shared.planner.prepared import PreparedRows
from users.models.api_key import Scope

_ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200, 201], description='The shipment\'s version, as in `"3"`.'
)
_SHIPS = "orders.add_shipment"
_ITEM = shape_of(ShipmentItemSerializer)


def _describe_write(body: Any, summary: str) -> Any:
    return extend_schema(
        request=body,
        examples=[OpenApiExample("At the version that was read", value={"version": 1}, request_only=True)],
        parameters=[IF_MATCH, _ETAG],
        responses={200: ShipmentSerializer, **problems(409, 412)},
        summary=summary,
    )


@extend_schema_view(
    list=extend_schema(responses={200: ShipmentSerializer(many=True)}, summary="Shipments, newest first"),
    retrieve=extend_schema(responses={200: ShipmentSerializer}, parameters=[_ETAG], summary="One shipment"),
)
@extend_schema(tags=["shipments"])
class ShipmentViewSet(ShapedReads):
    """Staff see all, sellers' people those of their locations, a customer's login its own: another's is a 404."""

    queryset = Shipment.objects.none()
    serializer_class = ShipmentSerializer
    shape = shape_of(ShipmentSerializer)
    filterset_class = ShipmentFilter
    required_scopes: ClassVar[dict[str, Needed]] = {"read": Scope.ORDERS_READ, "write": Scope.ORDERS_WRITE}
    required_permissions: ClassVar[dict[str, Needed | None]] = dict.fromkeys(
        ("departure", "delivery", "cancellation"), _SHIPS
    )

    def get_permissions(self) -> list[Any]:
        return [IsStaff() if self.action in self.required_permissions else IsSignedIn()]

    def get_queryset(self) -> Any:
        """The shipments that exist for whoever asks."""
        shipments: Any = PreparedRows.of(_shipments_to_show)
        if is_staff(self.request):
            # By the location and not by the lines: what a seller's people pack, carry and unpack is what lies at
            # theirs.
            return of_sellers_of(self.request.user, shipments, "location__seller_id")
        own = customer_id_of(self.request)
        return shipments.filter(order__customer_id=own) if own else Shipment.objects.none()

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = super().retrieve(request, *args, **kwargs)
        # Without the version among its members a sparse answer could not be tagged by it.
        if FIELDS not in request.query_params:
            found["ETag"] = etag(found.data["version"])
        return found

    def show_rows(self, shape: Shape, rows: Sequence[Row]) -> Members:
        shown = super().show_rows(shape, rows)
        if "items" in shape.names:
            keys = keys_of(rows)
            # All lines of the page in one statement, put to their shipments here.
            of_shipments = PreparedRows.of(_items_to_show).filter(shipment_id__in=keys).order_by("id")
            found = by_last_column(of_shipments, _ITEM.columns("shipment_id"))
            for key, shipment in zip(keys, shown, strict=True):
                shipment["items"] = [_ITEM.of_row(item) for item in found.get(key, ())]
        return shown

    @_describe_write(SendShipmentBody, "It leaves")
    @action(detail=True, methods=["post"])
    def departure(self, request: Request, pk: UUID) -> Response:
        self.get_object()
        body = parse_body(SendShipmentBody, request.data)
        version = expected_version(request, body.version)
        ship_shipment(
            shipment_id=pk,
            actor=actor_of(request),
            tracking=body.tracking(),
            expected_version=version,
            unsettled=may_be_unsettled(request, body.unsettled),
        )
        return answer(self.get_object())

    @_describe_write(DeliverShipmentBody, "It arrived")
    @action(detail=True, methods=["post"])
    def delivery(self, request: Request, pk: UUID) -> Response:
        self.get_object()
        body = parse_body(DeliverShipmentBody, request.data)
        version = expected_version(request, body.version)
        deliver_shipment(shipment_id=pk, actor=actor_of(request), expected_version=version)
        return answer(self.get_object())

    @_describe_write(CancelShipmentBody, "Unpack it before it leaves")
    @action(detail=True, methods=["post"])
    def cancellation(self, request: Request, pk: UUID) -> Response:
        self.get_object()
        body = parse_body(CancelShipmentBody, request.data)
        version = expected_version(request, body.version)
        cancel_shipment(shipment_id=pk, actor=actor_of(request), reason=body.reason, expected_version=version)
        return answer(self.get_object())

    @extend_schema(summary="Its packing slip", responses=PDF)
    @action(detail=True, url_path="packing-slip.pdf")
    def packing_slip(self, request: Request, pk: UUID) -> HttpResponse:
        """What is in it and where it goes, without prices, in the customer's language."""
        shipment = self.get_object()
        return pdf_answer(packing_slip_pdf(shipment), f"packing-slip-{shipment.number}")


@extend_schema(tags=["shipments"])
class OrderShipmentViewSet(Resource):
    """Shipments of one order; of a split one, of a sub-order."""

    queryset = Order.objects.none()
    permission_classes = (IsStaff,)
    required_scopes: ClassVar[dict[str, Needed]] = {"write": Scope.ORDERS_WRITE}
    required_permissions: ClassVar[dict[str, Needed | None]] = {"create": _SHIPS}

    @extend_schema(
        request=PackShipmentBody,
        examples=[
            OpenApiExample(
                "All that is left, by parcel service",
                value={"carrier": "Post", "tracking_number": "RR123456789UA"},
                request_only=True,
            )
        ],
        parameters=[
            OpenApiParameter(
                "If-Match", str, OpenApiParameter.HEADER, description="The order's version; a stale one is a 412."
            ),
            OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[201]),
            _ETAG,
        ],
        responses={201: ShipmentSerializer, **problems(409, 412)},
        summary="Pack a shipment",
    )
    def create(self, request: Request, pk: UUID) -> Response:
        """Units of a paid order's lines, at the location they were sold from. The order becomes PROCESSING with its
        first shipment, SHIPPED when all has left and DELIVERED when all has arrived."""
        # As for none: that another seller's order is there is not theirs to know.
        if not orders_reached(request.user, Order.objects.live().filter(pk=pk)).exists():
            raise OrderNotFound(f"No such order: {pk}.")
        body = parse_body(PackShipmentBody, request.data)
        shipment = pack_shipment(
            order_id=pk,
            actor=actor_of(request),
            items=body.units(),
            location_id=body.location,
            tracking=body.tracking(),
            sellers=sellers_of(request.user),
            expected_version=expected_version(request, body.version),
            unsettled=may_be_unsettled(request, body.unsettled),
        )
        # Read again: what the service wrote has no SKUs and names.
        found = shipments_in_full().get(pk=shipment.pk)
        return answer(found, 201, {"Location": f"/api/v1/shipments/{shipment.pk}"})


def answer(shipment: Shipment, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    tagged = {"ETag": etag(shipment.version), **(headers or {})}
    return Response(ShipmentSerializer.represent(shipment), status, headers=tagged)


def _shipments_to_show() -> QuerySet[Shipment]:
    """Those of live orders."""
    return shipments_in_full().filter(order__deleted_at__isnull=True)


def _items_to_show() -> QuerySet[ShipmentItem]:
    return ShipmentItem.objects.all()
