"""Drafts and quotes over HTTP: staff make, change, send, decline and order them."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models.variant import default_currency
from orders.api.drafts.bodies import ChangeDraftBody, DecideDraftBody, NewDraftBody
from orders.api.drafts.filters import DraftFilter
from orders.api.drafts.representations import DraftInFullSerializer, DraftSerializer
from orders.api.order_tags import order_etag
from orders.api.orders.serializers import OrderInFullSerializer
from orders.api.pdf import pdf_answer
from orders.api.record_access import represent_to
from orders.documents.quote import quote_pdf
from orders.drafts.queries import drafts_in_full
from orders.models.draft import Draft
from orders.reads.in_full import get_order_in_full
from orders.services.drafts.check_agreed_prices import AGREE_PRICES
from orders.services.drafts.decide_draft import decline_draft, send_draft
from orders.services.drafts.order_draft import order_draft
from orders.services.drafts.write_draft import create_draft, update_draft
from shared.api.bodies import parse_body
from shared.api.conditional import etag, expected_version
from shared.api.permissions import IsStaff, Needed, may_also, require_also
from shared.api.principal import actor_of
from shared.api.schema import IF_MATCH, PDF, problems
from shared.api.viewsets import Resource
from users.models.api_key import Scope

_ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200, 201], description='The draft\'s version, as in `"3"`.'
)
_VARIANT = {"variant": "019a5a3e-7c7e-7000-8000-000000000001", "quantity": 2, "agreed_price": "9.50"}
_EXAMPLE = OpenApiExample(
    "A quote",
    value={
        "kind": "quote",
        "customer": "019a5a3e-7c7e-7000-8000-000000000002",
        "lines": [_VARIANT],
        "valid_until": "2030-12-31",
    },
    request_only=True,
)


_CHANGE = OpenApiExample(
    "Other lines, longer", value={"lines": [_VARIANT], "valid_until": "2031-01-31"}, request_only=True
)
_SEEN = OpenApiExample("As it was read", value={"version": 3}, request_only=True)


def _describe_write(body: Any, summary: str) -> Any:
    return extend_schema(
        request=body,
        parameters=[IF_MATCH, _ETAG],
        examples=[_CHANGE if body is ChangeDraftBody else _SEEN],
        responses={200: DraftInFullSerializer, **problems(409, 412)},
        summary=summary,
    )


@extend_schema_view(
    list=extend_schema(responses={200: DraftSerializer(many=True)}, summary="Drafts and quotes, newest first"),
    retrieve=extend_schema(responses={200: DraftInFullSerializer}, parameters=[_ETAG], summary="One draft or quote"),
)
@extend_schema(tags=["drafts"])
class DraftViewSet(ListModelMixin, RetrieveModelMixin, Resource):
    """They hold no stock until they are ordered."""

    queryset = Draft.objects.none()
    permission_classes = (IsStaff,)
    filterset_class = DraftFilter
    required_scopes: ClassVar[dict[str, Needed]] = {"read": Scope.ORDERS_READ, "write": Scope.ORDERS_WRITE}
    required_permissions: ClassVar[dict[str, Needed | None]] = {
        "sending": "orders.change_draft",
        "decline": "orders.change_draft",
        # Not the right to change drafts: the counter orders what a colleague has agreed, and agrees nothing.
        "order": ("orders.view_draft", "orders.add_order"),
        "quote": "orders.view_draft",
    }
    # Placing and linking commit apart; the draft's own key finds the order between them
    # (docs/decisions/ordering-a-deal.md).
    in_steps = frozenset({"order"})
    shows_others = True  # what it would cost today

    def get_serializer_class(self) -> Any:
        return DraftSerializer if self.action == "list" else DraftInFullSerializer

    def get_queryset(self) -> QuerySet[Draft]:
        return drafts_in_full()

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._respond_with(self.get_object())

    @extend_schema(
        request=NewDraftBody,
        examples=[_EXAMPLE],
        parameters=[_ETAG],
        responses={201: DraftInFullSerializer, **problems(404)},
        summary="Make a draft or quote",
    )
    def create(self, request: Request) -> Response:
        body = parse_body(NewDraftBody, request.data)
        # Before anything is made: a price that was refused must not stand in a draft either.
        _check_prices(request, body)
        made = create_draft(
            customer_id=body.customer,
            currency=body.currency or default_currency(),
            actor=actor_of(request),
            kind=body.kind,
            lines=[line.to_line() for line in body.lines],
            note=body.note,
            valid_until=body.valid_until,
            **body.terms(),
        )
        return self._respond_with(drafts_in_full().get(pk=made.pk), 201, {"Location": f"/api/v1/drafts/{made.pk}"})

    @_describe_write(ChangeDraftBody, "Change it; one that was sent is open again")
    def partial_update(self, request: Request, pk: UUID) -> Response:
        # No draft is looked for before: unlike orders they have no owner whom others must not learn of, and the service
        # says 404.
        body = parse_body(ChangeDraftBody, request.data)
        _check_prices(request, body)
        update_draft(
            draft_id=pk,
            lines=None if body.lines is None else [line.to_line() for line in body.lines],
            expected_version=expected_version(request, body.version),
            **body.changes(),
        )
        return self._respond_with(self.get_object())

    @_describe_write(DecideDraftBody, "The customer has it")
    @action(detail=True, methods=["post"])
    def sending(self, request: Request, pk: UUID) -> Response:
        body = parse_body(DecideDraftBody, request.data)
        send_draft(draft_id=pk, expected_version=expected_version(request, body.version))
        return self._respond_with(self.get_object())

    @_describe_write(DecideDraftBody, "Nothing comes of it")
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: UUID) -> Response:
        body = parse_body(DecideDraftBody, request.data)
        decline_draft(draft_id=pk, expected_version=expected_version(request, body.version))
        return self._respond_with(self.get_object())

    @extend_schema(
        request=DecideDraftBody,
        parameters=[IF_MATCH],
        examples=[_SEEN],
        responses={
            201: OpenApiResponse(OrderInFullSerializer, "Ordered."),
            200: OpenApiResponse(OrderInFullSerializer, "It was ordered before: that order, as it is now."),
            **problems(404, 409, 412),
        },
        summary="Make it an order, once",
    )
    @action(detail=True, methods=["post"])
    def order(self, request: Request, pk: UUID) -> Response:
        """At agreed prices where there are some, else at today's. Other prices than the catalogue's need the right to
        agree prices; keys the scope `prices:write`."""
        body = parse_body(DecideDraftBody, request.data)
        version = expected_version(request, body.version)
        # Whoever orders need not be who agreed: the right is asked of them, and without it the prices must be the
        # catalogue's.
        agrees_prices = may_also(request, permission=AGREE_PRICES, scope=Scope.PRICES_WRITE)
        ordered = order_draft(
            draft_id=pk, actor=actor_of(request), agrees_prices=agrees_prices, expected_version=version
        )
        # As it is now, on the first answer and on a repeated one: an order placed earlier may be paid by today.
        order = get_order_in_full(ordered.order.pk)
        headers = {"Location": f"/api/v1/orders/{order.pk}", "ETag": order_etag(request, order.version)}
        return Response(represent_to(request, order), 201 if ordered.created else 200, headers=headers)

    @extend_schema(summary="To print", responses=PDF)
    @action(detail=True, url_path="quote.pdf")
    def quote(self, request: Request, pk: UUID) -> HttpResponse:
        """As it is now, in the customer's language; 409 while `worth.problem` is set."""
        draft = self.get_object()
        return pdf_answer(quote_pdf(draft), draft.number)

    def _respond_with(self, draft: Draft, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        return self.show(draft, status, {"ETag": etag(draft.version), **(headers or {})})


def _check_prices(request: Request, body: NewDraftBody | ChangeDraftBody) -> None:
    """Raises PermissionDenied for a price or a discount that whoever sends it may not agree."""
    if body.discount or any(line.agreed_price is not None or line.discount for line in body.lines or ()):
        require_also(request, permission=AGREE_PRICES, scope=Scope.PRICES_WRITE)
