"""Leads over HTTP, for staff."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.leads import bodies, filters, representations
from crm.api.resource import CrmResource, check_reach
from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.services.leads.convert_lead import ConvertedLead, NewDeal, convert_lead
from crm.services.leads.create_lead import create_lead
from crm.services.leads.update_lead import update_lead
from shared.api.permissions import Needed, require_also
from shared.api.principal import actor_of
from shared.api.schema import problems, writes
from users.access.ownership import check_may_change
from users.models.api_key import Scope
from users.models.customer import Customer


@writes(bodies.LeadBody, representations.LeadSerializer)
class LeadViewSet(CrmResource):
    """Who may become a customer."""

    http_method_names = ["get", "post", "patch", "head"]
    required_scopes: ClassVar[dict[str, Needed]] = {
        **CrmResource.required_scopes,
        "convert": (Scope.CRM_WRITE, Scope.CUSTOMERS_WRITE),
    }
    required_permissions: ClassVar[dict[str, Needed | None]] = {"convert": ("crm.change_lead", "users.add_customer")}
    serializer_class = representations.LeadSerializer
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
        responses={200: representations.ConvertedLeadSerializer, **problems(409)},
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
        return Response(representations.ConvertedLeadSerializer(done).data)

    def show_made(self, request: Request, made: Sequence[str], **kwargs: Any) -> Response:
        lead = get_object_or_404(self.get_queryset().select_related("customer"), pk=made[0], customer__isnull=False)
        done = ConvertedLead(lead, lead.customer, Deal.objects.filter(pk__in=made[1:]).first())
        return Response(representations.ConvertedLeadSerializer(done).data)
