"""People over HTTP."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from shared.api.permissions import IsSignedIn, IsStaff
from shared.api.principal import is_staff, key_of, staff_may, user_id_of
from shared.api.reads import ShapedReads
from shared.api.schema import problems
from shared.api.shapes.shape import shape_of
from shared.api.viewsets import Resource
from shared.errors import InvalidInput
from shared.planner.prepared import PreparedRows
from users import queries
from users.access.ownership import check_may_change, owner_of_new, record_access_of, visible_to
from users.api.bodies import CompanyBody, CustomerBody, OwnCustomerBody
from users.api.filters import CompanyFilters, CustomerFilters, UserFilters
from users.api.representations import CompanySerializer, CustomerSerializer, UserSerializer
from users.models.api_key import Scope
from users.models.company import Company
from users.models.customer import Customer
from users.models.role import AccessLevel
from users.models.user import User
from users.services.create_company import create_company
from users.services.create_customer import create_customer
from users.services.delete_company import delete_company
from users.services.delete_customer import delete_customer
from users.services.update_company import update_company
from users.services.update_customer import update_customer


class UserViewSet(ListModelMixin, RetrieveModelMixin, Resource):
    """Logins. Staff see all of them, everyone else their own; they are made and changed in the admin."""

    serializer_class = UserSerializer
    filterset_class = UserFilters
    required_scopes = {"read": Scope.USERS_READ}
    required_permissions = {"retrieve": None, "me": None}  # one's own needs none
    queryset = User.objects.none()

    def get_permissions(self) -> list[BasePermission]:
        return [IsStaff() if self.action == "list" else IsSignedIn()]

    def get_queryset(self) -> QuerySet[User]:
        users = queries.users_with_roles()
        sees_all = staff_may(self.request, "users.view_user")
        return users if sees_all else users.filter(pk=user_id_of(self.request))

    @extend_schema(summary="Who am I", filters=False)
    @action(detail=False, pagination_class=None, filterset_class=None)
    def me(self, request: Request) -> Response:
        """The login that sent the request, with its customer and roles."""
        self.filter_queryset(self.get_queryset())
        return self.show(queries.users_with_roles().get(pk=user_id_of(request)))


@extend_schema_view(
    create=extend_schema(request=CustomerBody, responses={201: CustomerSerializer, **problems(409)}),
    partial_update=extend_schema(
        request=CustomerBody(partial=True), responses={200: CustomerSerializer, **problems(409)}
    ),
    destroy=extend_schema(responses={204: None, **problems(409)}),
)
class CustomerViewSet(ShapedReads):
    """Who buys. Staff see everyone; a customer's login reads itself and edits its own name, e-mail, phone, address,
    country, tax number and language."""

    serializer_class = CustomerSerializer
    shape = shape_of(CustomerSerializer)
    filterset_class = CustomerFilters
    required_scopes = {"read": Scope.CUSTOMERS_READ, "write": Scope.CUSTOMERS_WRITE}
    queryset = Customer.objects.none()

    def get_permissions(self) -> list[BasePermission]:
        return [IsStaff() if self.action in {"create", "destroy"} else IsSignedIn()]

    def get_queryset(self) -> Any:
        customers: Any = PreparedRows.of(queries.customers_with_tags)
        if is_staff(self.request):
            return visible_to(self.request.user, customers)
        return customers.filter(user_id=user_id_of(self.request))

    def create(self, request: Request) -> Response:
        body = _with_company_seen(request, self.parse(CustomerBody))
        customer = create_customer(**{"owner_id": _owner_of_new(request), **body})
        return self.created(queries.customers_with_tags().get(pk=customer.pk))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        customer = _within_reach(request, self.get_object())
        body = self.parse(CustomerBody if is_staff(request) else OwnCustomerBody, partial=True)
        body = _with_company_seen(request, body)
        update_customer(customer_id=customer.pk, changes=body)  # type: ignore[arg-type]
        return self.show(queries.customers_with_tags().get(pk=pk))  # it may be another colleague's by now

    def destroy(self, request: Request, pk: UUID) -> Response:
        delete_customer(customer_id=_within_reach(request, self.get_object()).pk)
        return Response(status=204)


@extend_schema_view(
    create=extend_schema(request=CompanyBody, responses={201: CompanySerializer}),
    partial_update=extend_schema(request=CompanyBody(partial=True), responses={200: CompanySerializer}),
    destroy=extend_schema(responses={204: None, **problems(409)}),
)
class CompanyViewSet(ListModelMixin, RetrieveModelMixin, Resource):
    """Organisations that customers belong to."""

    serializer_class = CompanySerializer
    filterset_class = CompanyFilters
    permission_classes = [IsStaff]
    required_scopes = {"read": Scope.CUSTOMERS_READ, "write": Scope.CUSTOMERS_WRITE}
    queryset = Company.objects.none()

    def get_queryset(self) -> QuerySet[Company]:
        return visible_to(self.request.user, queries.companies())

    def create(self, request: Request) -> Response:
        return self.created(create_company(**{"owner_id": _owner_of_new(request), **self.parse(CompanyBody)}))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        _within_reach(request, self.get_object())
        changes = self.parse(CompanyBody, partial=True)
        return self.show(update_company(company_id=pk, changes=changes))  # type: ignore[arg-type]

    def destroy(self, request: Request, pk: UUID) -> Response:
        delete_company(company_id=_within_reach(request, self.get_object()).pk)
        return Response(status=204)


def _within_reach(request: Request, row: Any) -> Any:
    """The row, if the colleague may change it. Raises PermissionDenied."""
    check_may_change(request.user, row)
    return row


def _with_company_seen(request: Request, body: dict[str, Any]) -> dict[str, Any]:
    """The body; a company that the role does not see is as if it were not there. Raises InvalidInput."""
    company_id = body.get("company_id")
    if company_id is None or record_access_of(request.user).sees == AccessLevel.ALL:
        return body
    if not visible_to(request.user, queries.companies().filter(pk=company_id)).exists():
        raise InvalidInput(("/company", "does_not_exist", "There is no such company."))
    return body


def _owner_of_new(request: Request) -> UUID | None:
    """A machine is nobody's guardian."""
    return owner_of_new(request.user) if key_of(request) is None else None
