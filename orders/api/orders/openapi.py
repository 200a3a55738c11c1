"""What OpenAPI says of the order routes beyond what their code tells."""

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from orders.api.orders.bodies import AdvanceOrderBody, ConfirmPaymentBody, PlaceOrderBody, UpdateOrderBody
from orders.api.orders.serializers import (
    BoardOrderSerializer,
    OrderInFullSerializer,
    OrderItemSerializer,
    OrderSerializer,
)
from shared.api.schema import problems

_ETAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    response=[200, 201],
    description='The order\'s version, as in `"3"`.',
)
_IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description='`"<version>"` you read; a stale one is refused with 412.',
)
_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="1 to 255 visible ASCII characters, bare or in double quotes. Sent again with the same body it answers "
    "with the order that was placed; it is kept for 30 days and belongs to whoever signed in.",
)
_REPLAYED = OpenApiParameter(
    "Idempotent-Replayed",
    str,
    OpenApiParameter.HEADER,
    response=[200],
    description="`true`: nothing was placed anew.",
)
_LOCATION = OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[200, 201])
_THREE_LINES = OpenApiExample(
    "Two lines",
    value={
        "customer": "019a5a3e-7c7e-7000-8000-000000000001",
        "items": [{"variant": "MUG-BLUE", "quantity": 2}, {"variant": "TEA-100", "quantity": 1}],
        "note": "Please ring twice.",
    },
    request_only=True,
)

LIST_ORDERS = extend_schema(responses={200: OrderSerializer(many=True)}, summary="Orders, newest first")
ACTIVE_ORDERS = extend_schema(
    responses={200: BoardOrderSerializer(many=True)},
    summary="The board: orders in progress with customer and number of lines, newest first",
)
# Declared here and not at the methods, whose file would be twice as long: what an operation does stands there.
GET_ORDER = extend_schema(
    responses={200: OrderInFullSerializer, **problems(404, 410)},
    parameters=[_ETAG],
    summary="One order with all that hangs on it",
)
PLACE_ORDER = extend_schema(
    request=PlaceOrderBody,
    parameters=[_KEY, _REPLAYED, _LOCATION, _ETAG],
    examples=[_THREE_LINES],
    responses={
        201: OpenApiResponse(OrderInFullSerializer, "Placed: the stock is held until `payment_expires_at`."),
        200: OpenApiResponse(OrderInFullSerializer, "Replayed: the order that this key placed, as it is now."),
        **problems(404, 409, 422, 429),
    },
    summary="Place an order",
)
CANCEL_ORDER = extend_schema(
    request=None,
    parameters=[_IF_MATCH, _ETAG],
    responses={200: OrderInFullSerializer, **problems(409, 412)},
    summary="Cancel an unpaid order",
)
UPDATE_ORDER = extend_schema(
    request=UpdateOrderBody,
    parameters=[_IF_MATCH, _ETAG],
    responses={200: OrderInFullSerializer, **problems(409, 412)},
    examples=[OpenApiExample("A note of a program", value={"metadata": {"erp_id": "4711"}}, request_only=True)],
    summary="Change addresses and metadata",
    description="Addresses until something is packed (`address_fixed`), and within the country that the order was "
    "priced for (`country_fixed`); metadata ever.",
)
CONFIRM_PAYMENT = extend_schema(
    request=ConfirmPaymentBody,
    parameters=[_IF_MATCH, _ETAG],
    responses={200: OrderInFullSerializer, **problems(409, 412)},
    examples=[OpenApiExample("Paid in full", value={"status": "paid", "reference": "wire-4711"}, request_only=True)],
    summary="Confirm a payment",
)
ADVANCE_ORDER = extend_schema(
    request=AdvanceOrderBody,
    parameters=[_IF_MATCH, _ETAG],
    responses={200: OrderInFullSerializer, **problems(409, 412)},
    examples=[OpenApiExample("Pack it", value={"status": "PROCESSING"}, request_only=True)],
    summary="Move a paid order on",
)
LIST_ITEMS = extend_schema(responses={200: OrderItemSerializer(many=True)}, summary="Order items, newest first")
GET_ITEM = extend_schema(responses={200: OrderItemSerializer}, summary="One order item")
