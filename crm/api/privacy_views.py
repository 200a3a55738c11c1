"""A person's data over HTTP, for staff: all of it to hand over, or none of it any more."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.resource import CrmMember
from crm.person_pdf import person_pdf
from crm.services.erase_customer import erase_customer
from crm.services.export_person import EXPORT_NEEDS, export_person
from shared.api.permissions import Needed
from shared.api.principal import actor_of
from shared.api.schema import PDF, problems
from users.models.api_key import Scope
from users.models.customer import Customer


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
        """The same to be read or printed; of long lists the newest."""
        customer = self.get_object()
        content = person_pdf(export_person(customer_id=customer.pk))
        named = {"Content-Disposition": f'attachment; filename="{customer.pk}.pdf"', "Cache-Control": "no-store"}
        return HttpResponse(content, content_type="application/pdf", headers=named)
