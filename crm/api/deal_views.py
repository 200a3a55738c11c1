"""Leads, pipelines and deals over HTTP, for staff."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api import bodies, filters, serializers
from crm.api.resource import CrmResource, check_reach
from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.models.pipeline import Pipeline
from crm.services.convert_lead import ConvertedLead, NewDeal, convert_lead
from crm.services.deal_lines import WantedDealLine, set_deal_lines
from crm.services.move_deal import move_deal
from crm.services.open_deal import open_deal
from crm.services.order_deal import order_deal
from crm.services.save_lead import create_lead, update_lead
from crm.services.update_deal import update_deal
from orders.services.drafts.check_agreed_prices import AGREE_PRICES
from shared.api.permissions import Needed, may_also, require_also
from shared.api.principal import actor_of
from shared.api.schema import IF_MATCH, problems, writes
from users.custom_fields import change_custom_fields, validate_custom_fields
from users.models.api_key import Scope
from users.models.custom_field import CustomFieldOwner
from users.models.customer import Customer
from users.ownership import check_may_change


@writes(bodies.LeadBody, serializers.LeadSerializer)
class LeadViewSet(CrmResource):
    """Who may become a customer."""

    http_method_names = ["get", "post", "patch", "head"]
    required_scopes: ClassVar[dict[str, Needed]] = {
        **CrmResource.required_scopes,
        "convert": (Scope.CRM_WRITE, Scope.CUSTOMERS_WRITE),
    }
    required_permissions: ClassVar[dict[str, Needed | None]] = {"convert": ("crm.change_lead", "users.add_customer")}
    serializer_class = serializers.LeadSerializer
    filterset_class = filters.LeadFilters
    queryset = Lead.objects.all()
    ordering = ("-created_at", "-id")
    ordering_fields = ("created_at",)

    def create(self, request: Request) -> Response:
        return self.created(create_lead(actor=actor_of(request), **self.parse(bodies.LeadBody)))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        self.get_changeable()
        return self.show(update_lead(lead_id=pk, changes=self.parse(bodies.LeadBody, partial=True)))

    @extend_schema(
        summary="Make a customer of it",
        request=bodies.ConvertLeadBody,
        responses={200: serializers.ConvertedLeadSerializer, **problems(409)},
    )
    @action(detail=True, methods=["post"])
    def convert(self, request: Request, pk: UUID) -> Response:
        """A new customer with the lead's name, e-mail, phone and company, or one that is there already."""
        self.get_changeable()
        body = self.parse(bodies.ConvertLeadBody)
        check_reach(request, body)
        if "customer_id" in body:
            check_may_change(request.user, *Customer.objects.filter(pk=body["customer_id"]))
            require_also(request, permission="users.change_customer", scope=Scope.CUSTOMERS_WRITE)
        if "deal" in body:
            require_also(request, permission="crm.add_deal", scope=Scope.CRM_WRITE)
            body["deal"] = NewDeal(**body["deal"])
        done = convert_lead(lead_id=pk, actor=actor_of(request), **body)
        self.made = (str(pk), *([str(done.deal.pk)] if done.deal else []))
        return Response(serializers.ConvertedLeadSerializer(done).data)

    def show_made(self, request: Request, made: Sequence[str], **kwargs: Any) -> Response:
        lead = get_object_or_404(self.get_queryset().select_related("customer"), pk=made[0], customer__isnull=False)
        done = ConvertedLead(lead, lead.customer, Deal.objects.filter(pk__in=made[1:]).first())
        return Response(serializers.ConvertedLeadSerializer(done).data)


class PipelineViewSet(CrmResource):
    """The ways of deals, with their stages in order."""

    http_method_names = ["get", "head"]
    serializer_class = serializers.PipelineSerializer
    queryset = Pipeline.objects.prefetch_related("stages")


@writes(bodies.DealBody, serializers.DealSerializer, changes=bodies.DealChangesBody, versioned=True, refers=True)
class DealViewSet(CrmResource):
    """Sales that may happen. The ETag changes with every change of the deal."""

    http_method_names = ["get", "post", "patch", "head"]
    required_scopes: ClassVar[dict[str, Needed]] = {
        **CrmResource.required_scopes,
        "order": (Scope.CRM_WRITE, Scope.ORDERS_WRITE),
    }
    required_permissions: ClassVar[dict[str, Needed | None]] = {"order": ("crm.change_deal", "orders.add_order")}
    serializer_class = serializers.DealSerializer
    filterset_class = filters.DealFilters
    queryset = Deal.objects.prefetch_related("lines__variant", "lines__deal")
    ordering = ("-created_at", "-id")
    ordering_fields = ("created_at",)
    in_steps = frozenset({"order"})

    def create(self, request: Request) -> Response:
        body = self.parse(bodies.DealBody)
        check_reach(request, body)
        body["custom_fields"] = validate_custom_fields(CustomFieldOwner.DEAL, body.get("custom_fields", {}))
        where = {name: body.pop(name) for name in ("title", "customer_id", "pipeline_id", "stage_id") if name in body}
        actor = actor_of(request)
        made = open_deal(actor=actor, details={"owner_id": actor.user_id, **body}, **where)  # type: ignore[arg-type]
        return self.created(self.queryset.get(pk=made.pk))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        deal = self.get_changeable()
        changes = self.parse(bodies.DealChangesBody, partial=True)
        if "custom_fields" in changes:
            sent = changes["custom_fields"]
            changes["custom_fields"] = change_custom_fields(CustomFieldOwner.DEAL, deal.custom_fields, sent)
        update_deal(deal_id=pk, changes=changes, actor=actor_of(request))  # type: ignore[arg-type]
        return self._answer(pk)

    @extend_schema(
        summary="Move to a stage",
        request=bodies.MoveDealBody,
        parameters=[IF_MATCH],
        responses={200: serializers.DealSerializer, **problems(409, 412)},
    )
    @action(detail=True, methods=["patch"])
    def stage(self, request: Request, pk: UUID) -> Response:
        """Of its own pipeline; lost needs a reason."""
        self.get_changeable()
        body = self.parse(bodies.MoveDealBody)
        move_deal(deal_id=pk, actor=actor_of(request), **body)
        return self._answer(pk)

    @extend_schema(
        summary="Set the lines",
        request=bodies.DealLinesBody,
        parameters=[IF_MATCH],
        responses={200: serializers.DealSerializer, **problems(409, 412)},
    )
    @action(detail=True, methods=["patch"])
    def lines(self, request: Request, pk: UUID) -> Response:
        """These lines and no others; the deal's value becomes their sum."""
        self.get_changeable()
        wanted = [WantedDealLine(**line) for line in self.parse(bodies.DealLinesBody)["lines"]]
        set_deal_lines(deal_id=pk, lines=wanted, actor=actor_of(request))
        return self._answer(pk)

    @extend_schema(
        summary="Place the order",
        request=None,
        responses={200: serializers.DealSerializer, 201: serializers.DealSerializer, **problems(409)},
    )
    @action(detail=True, methods=["post"])
    def order(self, request: Request, pk: UUID) -> Response:
        """The deal's lines become an order with its stock reserved, and the deal is won. Once, however often it is
        asked for: 200 when the order was placed before. Other prices than the catalogue's need the right to agree
        prices; keys the scope `prices:write`."""
        self.get_changeable()
        agrees_prices = may_also(request, permission=AGREE_PRICES, scope=Scope.PRICES_WRITE)
        done = order_deal(deal_id=pk, actor=actor_of(request), agrees_prices=agrees_prices)
        return self._answer(pk, 201 if done.created else 200)

    def _answer(self, deal_id: UUID, status: int = 200) -> Response:
        return self.show(self.queryset.get(pk=deal_id), status)
