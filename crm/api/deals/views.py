"""Deals over HTTP, for staff."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.deals import bodies, filters, representations
from crm.api.resource import CrmMember, check_reach
from crm.models.deal import Deal
from crm.models.deal_line import DealLine
from crm.services.deals.move_deal import move_deal
from crm.services.deals.open_deal import open_deal
from crm.services.deals.order_deal import order_deal
from crm.services.deals.set_deal_lines import RequestedDealLine, set_deal_lines
from crm.services.deals.update_deal import update_deal
from orders.services.drafts.check_agreed_prices import AGREE_PRICES
from shared.api.permissions import Needed, may_also
from shared.api.principal import actor_of
from shared.api.reads import Members, Row, ShapedReads, by_last_column, currencies_of, keys_of
from shared.api.schema import IF_MATCH, problems, writes
from shared.api.shapes.shape import Shape, shape_of
from shared.planner.prepared import PreparedRows
from users.access.ownership import visible_to
from users.models.api_key import Scope

_LINE = shape_of(representations.DealLineSerializer, currency=None)
_LINE_AND_CURRENCY = shape_of(representations.DealLineSerializer, currency="deal__currency")


@writes(bodies.DealBody, representations.DealSerializer, changes=bodies.DealChangesBody, versioned=True, refers=True)
class DealViewSet(ShapedReads, CrmMember):
    """Sales that may happen. The ETag changes with every change of the deal."""

    http_method_names = ["get", "post", "patch", "head"]
    required_scopes: ClassVar[dict[str, Needed]] = {
        **CrmMember.required_scopes,
        "order": (Scope.CRM_WRITE, Scope.ORDERS_WRITE),
    }
    required_permissions: ClassVar[dict[str, Needed | None]] = {"order": ("crm.change_deal", "orders.add_order")}
    serializer_class = representations.DealSerializer
    shape = shape_of(representations.DealSerializer)
    filterset_class = filters.DealFilters
    queryset = Deal.objects.prefetch_related("lines__variant", "lines__deal")
    ordering = ("-created_at", "-id")
    ordering_fields = ("created_at",)
    in_steps = frozenset({"order"})

    def get_queryset(self) -> Any:
        rows: Any = PreparedRows.of(_deals)
        return visible_to(self.request.user, rows)

    def show_rows(self, shape: Shape, rows: Sequence[Row]) -> Members:
        shown = super().show_rows(shape, rows)
        if "lines" in shape.names:
            keys = keys_of(rows)
            of_deals = PreparedRows.of(_deal_lines).filter(deal_id__in=keys).order_by("id")
            # The deal's row has the currency, unless a sparse answer shows no amount of the deal's own.
            currencies = currencies_of(rows) if shape.has_money else {}
            line = _LINE if currencies else _LINE_AND_CURRENCY
            found = by_last_column(of_deals, line.columns("deal_id"))
            for key, deal in zip(keys, shown, strict=True):
                deal["lines"] = [line.of_row(row, currencies.get(key)) for row in found.get(key, ())]
        return shown

    def create(self, request: Request) -> Response:
        body = self.parse(bodies.DealBody)
        check_reach(request, body)
        body.setdefault("custom_fields", {})
        where = {name: body.pop(name) for name in ("title", "customer_id", "pipeline_id", "stage_id") if name in body}
        actor = actor_of(request)
        made = open_deal(actor=actor, details={"owner_id": actor.user_id, **body}, **where)  # type: ignore[arg-type]
        return self.created(self.queryset.get(pk=made.pk))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        self.get_changeable()
        changes = self.parse(bodies.DealChangesBody, partial=True)
        update_deal(deal_id=pk, changes=changes, actor=actor_of(request))  # type: ignore[arg-type]
        return self._show_deal(pk)

    @extend_schema(
        summary="Move to a stage",
        request=bodies.MoveDealBody,
        parameters=[IF_MATCH],
        responses={200: representations.DealSerializer, **problems(409, 412)},
    )
    @action(detail=True, methods=["patch"])
    def stage(self, request: Request, pk: UUID) -> Response:
        """Of its own pipeline; lost needs a reason."""
        self.get_changeable()
        body = self.parse(bodies.MoveDealBody)
        move_deal(deal_id=pk, actor=actor_of(request), **body)
        return self._show_deal(pk)

    @extend_schema(
        summary="Set the lines",
        request=bodies.DealLinesBody,
        parameters=[IF_MATCH],
        responses={200: representations.DealSerializer, **problems(409, 412)},
    )
    @action(detail=True, methods=["patch"])
    def lines(self, request: Request, pk: UUID) -> Response:
        """These lines and no others; the deal's value becomes their sum."""
        self.get_changeable()
        wanted = [RequestedDealLine(**line) for line in self.parse(bodies.DealLinesBody)["lines"]]
        set_deal_lines(deal_id=pk, lines=wanted, actor=actor_of(request))
        return self._show_deal(pk)

    @extend_schema(
        summary="Place the order",
        request=None,
        responses={200: representations.DealSerializer, 201: representations.DealSerializer, **problems(409)},
    )
    @action(detail=True, methods=["post"])
    def order(self, request: Request, pk: UUID) -> Response:
        """The deal's lines become an order with its stock reserved, and the deal is won. Once, however often it is
        asked for: 200 when the order was placed before. Other prices than the catalogue's need the right to agree
        prices; keys the scope `prices:write`."""
        self.get_changeable()
        agrees_prices = may_also(request, permission=AGREE_PRICES, scope=Scope.PRICES_WRITE)
        done = order_deal(deal_id=pk, actor=actor_of(request), agrees_prices=agrees_prices)
        return self._show_deal(pk, 201 if done.created else 200)

    def _show_deal(self, deal_id: UUID, status: int = 200) -> Response:
        return self.show(self.queryset.get(pk=deal_id), status)


def _deals() -> QuerySet[Deal]:
    return Deal.objects.all()


def _deal_lines() -> QuerySet[DealLine]:
    return DealLine.objects.all()
