"""Order routes. Each parses, calls one service and shows the order as it then is."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.seller_access import of_sellers_of, sellers_of
from orders.api.order_tags import order_etag, order_not_modified
from orders.api.orders import openapi as schemas
from orders.api.orders.bodies import AdvanceOrderBody, ConfirmPaymentBody, UpdateOrderBody
from orders.api.orders.filters import OrderFilter, OrderItemFilter
from orders.api.orders.lists import part_columns, represent_page, whole_rows
from orders.api.orders.pagination import ItemPages, OrderPages
from orders.api.orders.preview import PREVIEW_ORDER, represent_preview
from orders.api.orders.reading import read_order
from orders.api.orders.representations import IN_FULL, ITEM, LISTED, ON_BOARD
from orders.api.orders.serializers import OrderInFullSerializer, OrderItemSerializer, OrderSerializer
from orders.api.record_access import find_visible, may_be_unsettled, represent_to, rows_visible_to, visible_to
from orders.lifecycle.locking import OrderNotFound
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.reads.for_sellers import orders_shown
from orders.reads.in_full import get_order_in_full
from orders.reads.orders import (
    gather_seller_orders,
    items_of_live_orders,
    orders_in_full,
    orders_in_lists,
    orders_on_board,
    whole_orders,
)
from orders.services.orders.advance_order import advance_order
from orders.services.orders.cancel_order import cancel_order
from orders.services.orders.place_order import place_order
from orders.services.orders.preview_order import preview_order
from orders.services.orders.update_order import update_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.states import CancelReason
from shared.api.bodies import parse_body
from shared.api.conditional import expected_version
from shared.api.filtering import refuse_parameters
from shared.api.idempotency import REPLAYED
from shared.api.permissions import IsSignedIn, IsStaff, Needed
from shared.api.principal import actor_of, is_staff
from shared.api.reads import Row, ShapedReads, SparseReads
from shared.api.shapes.sparse import FIELDS, fields_asked
from shared.concurrency.throttling import hit
from shared.metrics.names import ORDERS
from shared.metrics.recording import add
from shared.planner.prepared import Columns, PreparedRows
from users.models.api_key import Scope

# Query parameters that find sub-orders, too.
_NAMING_SUB_ORDERS = {"number", "parent", "seller"}
_LISTS = {"list", "active"}


@extend_schema_view(
    list=schemas.LIST_ORDERS,
    retrieve=schemas.GET_ORDER,
    create=schemas.PLACE_ORDER,
    destroy=schemas.CANCEL_ORDER,
)
@extend_schema(tags=["orders"])
class OrderViewSet(SparseReads):
    """Staff and keys see all orders, a customer's login its own: another's is a 404."""

    queryset = Order.objects.none()
    filterset_class = OrderFilter
    pagination_class = OrderPages
    ordering: ClassVar[tuple[str, ...]] = ("-created_at", "-id")
    ordering_fields: ClassVar[tuple[str, ...]] = ("created_at",)  # lists have no index in any other order
    required_scopes: ClassVar[dict[str, Needed]] = {
        "read": Scope.ORDERS_READ,
        "write": Scope.ORDERS_WRITE,
        "payment": Scope.PAYMENTS_WRITE,
    }
    required_permissions: ClassVar[dict[str, Needed | None]] = {
        "payment": "orders.confirm_payment",
        "advance": "orders.advance_order",
        "preview": "orders.add_order",
        "destroy": "orders.cancel_order",
        "partial_update": "orders.change_order",
    }
    # The order itself keeps its key, in the transaction that places it: a key apart could be lost between the two.
    keeps_keys = frozenset({"create"})
    has_asked_to_place = False
    # Asked twice it costs nothing, so no key has to be kept for it.
    nothing_to_lose: ClassVar[dict[str, str]] = {"preview": "Nothing is placed."}

    def get_permissions(self) -> list[Any]:
        staff_only = self.action in {"payment", "advance", "active", "partial_update"}
        return [IsStaff() if staff_only else IsSignedIn()]

    def get_serializer_class(self) -> Any:
        return OrderSerializer if self.action == "list" else OrderInFullSerializer

    def get_queryset(self) -> Any:
        """The orders that exist for whoever asks. Lists show whole orders, and sub-orders where these are asked for: by
        number or by parent. A seller's orders are found by its sub-orders."""
        if self.action in _LISTS:
            rows: Any = rows_visible_to(self.request, self.get_all())
            return orders_shown(self.request.user, rows)
        return orders_shown(self.request.user, orders_in_full().filter(visible_to(self.request)))

    def get_all(self) -> PreparedRows:
        """All orders of a list."""
        if self.action == "active":
            return PreparedRows.of(orders_on_board)
        return PreparedRows.of(orders_in_lists, whole=not _asks_for_sub_orders(self.request))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        shape = LISTED.only(fields_asked(request, LISTED.names))
        # A seller's orders are found by its sub-orders, which an index has in order; the whole orders are shown.
        of_parts = finds_by_seller(request)
        rows = self._page(part_columns if of_parts else shape.columns)
        rows = whole_rows(rows, shape) if of_parts else rows
        return self.get_paginated_response(represent_page(shape, rows, sellers_of(request.user)))

    def paginate_queryset(self, queryset: Any) -> Any:
        """As records, for whoever does not ask for columns."""
        page = super().paginate_queryset(queryset)
        of_parts = self.action == "list" and finds_by_seller(self.request)
        return whole_orders(page) if page and of_parts else page

    def _page(self, columns: Callable[[str], Columns]) -> Sequence[Row]:
        paginator: Any = self.paginator
        rows: Sequence[Row] = paginator.page_of_columns(
            self.filter_queryset(self.get_queryset()), self.request, self, columns
        )
        return rows

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response | HttpResponse:
        fields = fields_asked(request, IN_FULL.names)
        if sellers_of(request.user) is not None:
            order = self.get_object()
            # A seller's people are shown lines of their own alone, which the read of a whole order knows nothing of.
            gather_seller_orders([order])
            return _respond_with(request, order, fields=fields)
        refuse_parameters(request, {FIELDS} if self.is_sparse else set())
        # Before the order is read: 304 costs one short statement.
        kept = order_not_modified(request, kwargs["pk"])
        return kept or _respond_with(request, find_visible(request, kwargs["pk"], fields), fields=fields)

    @schemas.ACTIVE_ORDERS
    @action(detail=False)
    def active(self, request: Request) -> Response:
        return self.get_paginated_response([ON_BOARD.of_row(row) for row in self._page(ON_BOARD.columns)])

    @PREVIEW_ORDER
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        if not is_staff(request):
            # Buyers' own logins alone, as for placing: a preview reads as much as placing does.
            hit(name="preview-order", subject=str(request.user.pk), limit=settings.CUSTOMER_ORDERS_PER_MINUTE)
        _, wanted = read_order(request, takes_key=False)
        plan = preview_order(request=wanted, as_customer=not is_staff(request))
        return Response(represent_preview(plan))

    def handle_exception(self, exc: Exception) -> Response:
        """What is refused before the service is asked counts as well, but for strangers."""
        answer: Response = super().handle_exception(exc)
        is_refused = 400 <= answer.status_code < 500 and self.action == "create" and not self.has_asked_to_place
        if is_refused and self.request.user.is_authenticated:
            add(ORDERS, "refused_other")
        return answer

    def create(self, request: Request) -> Response:
        if not is_staff(request):
            # Counted before the body is read, so that bad bodies count, too; it commits by itself.
            hit(name="place-order", subject=str(request.user.pk), limit=settings.CUSTOMER_ORDERS_PER_MINUTE)
        key, wanted = read_order(request)
        self.has_asked_to_place = True  # from here on the service counts what is refused
        placed = place_order(
            request=wanted, actor=actor_of(request), idempotency_key=key, as_customer=not is_staff(request)
        )
        # On a replay as well: whoever lost the first answer needs it most.
        headers = {"Location": f"/api/v1/orders/{placed.order.pk}"}
        if not placed.created:
            headers[REPLAYED] = "true"
        return _respond_with(request, placed.order, 201 if placed.created else 200, headers)

    def destroy(self, request: Request, pk: UUID) -> Response:
        self._must_exist(pk)
        # Not taken from the body: who asks is known, and buyers do not cancel in the shop's name.
        reason = CancelReason.STAFF if is_staff(request) else CancelReason.CUSTOMER
        cancel_order(order_id=pk, actor=actor_of(request), reason=reason, expected_version=expected_version(request))
        return _respond_with(request, get_order_in_full(pk))

    @schemas.UPDATE_ORDER
    def partial_update(self, request: Request, pk: UUID) -> Response:
        self._must_exist(pk)
        body = parse_body(UpdateOrderBody, request.data)
        version = expected_version(request, body.version)
        update_order(order_id=pk, changes=body.changes(), actor=actor_of(request), expected_version=version)
        return _respond_with(request, get_order_in_full(pk))

    @schemas.CONFIRM_PAYMENT
    @action(detail=True, methods=["patch"])
    def payment(self, request: Request, pk: UUID) -> Response:
        self._must_exist(pk)
        body = parse_body(ConfirmPaymentBody, request.data)
        confirm_payment(
            order_id=pk,
            actor=actor_of(request),
            amount=body.amount,
            currency=body.currency,
            reference=body.reference,
            expected_version=expected_version(request),
        )
        return _respond_with(request, get_order_in_full(pk))

    @schemas.ADVANCE_ORDER
    @action(detail=True, methods=["patch"], url_path="status")
    def advance(self, request: Request, pk: UUID) -> Response:
        self._must_exist(pk)
        body = parse_body(AdvanceOrderBody, request.data)
        advance_order(
            order_id=pk,
            status=body.status,
            reason=body.reason,
            actor=actor_of(request),
            expected_version=expected_version(request, body.version),
            unsettled=may_be_unsettled(request, body.unsettled),
        )
        return _respond_with(request, get_order_in_full(pk))

    def _must_exist(self, order_id: UUID) -> None:
        """Raise OrderNotFound for another's order as for none."""
        sees_all = is_staff(self.request) and sellers_of(self.request.user) is None
        if not sees_all and not self.get_queryset().filter(pk=order_id).exists():
            raise OrderNotFound(f"No such order: {order_id}.")


@extend_schema_view(list=schemas.LIST_ITEMS, retrieve=schemas.GET_ITEM)
@extend_schema(tags=["orders"])
class OrderItemViewSet(ShapedReads):
    """Lines over all orders that whoever asks may see, newest first."""

    queryset = OrderItem.objects.none()
    permission_classes = (IsSignedIn,)
    serializer_class = OrderItemSerializer
    shape = ITEM
    filterset_class = OrderItemFilter
    pagination_class = ItemPages
    required_scopes: ClassVar[dict[str, Needed]] = {"read": Scope.ORDERS_READ}

    def get_queryset(self) -> Any:
        items: Any = self.get_all()
        if not is_staff(self.request):
            items = items.filter(visible_to(self.request, "order__"))
        return of_sellers_of(self.request.user, items, "seller_id")

    def get_all(self) -> PreparedRows:
        """All lines of live orders."""
        return PreparedRows.of(items_of_live_orders)


def _asks_for_sub_orders(request: Request) -> bool:
    return sellers_of(request.user) is not None or not request.query_params.keys().isdisjoint(_NAMING_SUB_ORDERS)


def finds_by_seller(request: Request) -> bool:
    """A seller's own people see its part, everybody else the whole order; `listed_at` stays the page's cursor."""
    return sellers_of(request.user) is None and request.query_params.keys() & _NAMING_SUB_ORDERS == {"seller"}


def _respond_with(
    request: Request,
    order: Order,
    status: int = 200,
    headers: dict[str, str] | None = None,
    fields: frozenset[str] | None = None,
) -> Response:
    shown = represent_to(request, order, fields)
    return Response(shown, status, headers={"ETag": order_etag(request, order.version), **(headers or {})})
