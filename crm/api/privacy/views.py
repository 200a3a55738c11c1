"""A person's data over HTTP, for staff: all of it to hand over, or none of it any more."""

from typing import ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.privacy import bodies, filters, representations
from crm.api.resource import CrmMember, CrmResource, check_reach
from crm.privacy.export_pdf import person_pdf
from crm.services.privacy.erase_customer import erase_customer
from crm.services.privacy.export_person import EXPORT_NEEDS, export_person
from crm.timeline.visibility import about_visible
from shared.api.permissions import Needed
from shared.api.principal import actor_of
from shared.api.schema import PDF, problems, writes
from users.access.ownership import check_may_change
from users.models.api_key import Scope
from users.models.consent import Consent
from users.models.customer import Customer
from users.services.record_consent import record_consent


@extend_schema_view(
    retrieve=extend_schema(summary="Export as JSON", responses=OpenApiTypes.OBJECT),
    destroy=extend_schema(summary="Erase for good", responses={204: None, **problems(409)}),
)
class PersonalDataViewSet(RetrieveModelMixin, CrmMember):
    """By the customer's id."""

    http_method_names = ["get", "delete", "head"]
    queryset = Customer.objects.all()
    tagless = True  # it says when it was exported
    required_scopes: ClassVar[dict[str, Needed]] = {"read": Scope.PRIVACY_READ, "destroy": Scope.PRIVACY_ERASE}
    required_permissions: ClassVar[dict[str, Needed | None]] = {
        **dict.fromkeys(("retrieve", "pdf"), EXPORT_NEEDS),
        "destroy": "users.erase_customers",
    }

    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Everything that is kept about the person, orders included."""
        return Response(export_person(customer_id=self.get_object().pk), headers={"Cache-Control": "no-store"})

    def destroy(self, request: Request, pk: UUID) -> Response:
        """Name, addresses, timeline, leads, e-mails and the login go for good; orders stay, with what the books need.
        Refused while orders are not finished."""
        erase_customer(customer_id=self.get_changeable().pk, actor=actor_of(request))
        return Response(status=204)

    @extend_schema(summary="Export as PDF", responses=PDF)
    @action(detail=True)
    def pdf(self, request: Request, pk: UUID) -> HttpResponse:
        """All that is kept about the person, to be read or printed; of long lists the newest."""
        customer = self.get_object()
        content = person_pdf(export_person(customer_id=customer.pk))
        named = {"Content-Disposition": f'attachment; filename="{customer.pk}.pdf"', "Cache-Control": "no-store"}
        return HttpResponse(content, content_type="application/pdf", headers=named)


@writes(bodies.ConsentBody, representations.ConsentSerializer, refers=True)
class ConsentViewSet(CrmResource):
    """What customers said we may do; the newest statement of a purpose holds."""

    http_method_names = ["get", "post", "head"]
    serializer_class = representations.ConsentSerializer
    filterset_class = filters.ConsentFilters
    queryset = Consent.objects.all()

    def get_queryset(self) -> QuerySet[Consent]:
        return about_visible(self.request.user, super().get_queryset(), "customer")

    def create(self, request: Request) -> Response:
        body = self.parse(bodies.ConsentBody)
        check_reach(request, body)
        check_may_change(request.user, *Customer.objects.filter(pk=body["customer_id"]))
        return self.created(record_consent(actor=actor_of(request), **body))
