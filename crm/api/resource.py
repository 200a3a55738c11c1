"""What the CRM's resources have in common: staff only, scopes, and whose records a role reaches."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Model, Q, QuerySet
from rest_framework.exceptions import PermissionDenied
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request

from crm.models.deal import Deal
from crm.models.lead import Lead
from shared.api.permissions import IsStaff
from shared.api.viewsets import Resource
from shared.errors import NotFound
from users.models.api_key import Scope
from users.models.customer import Customer
from users.models.role import Reach
from users.ownership import may_change, reaches_of, visible_to

# What a body may point at, by the name of the value: seen by whoever sends it, or as if it were not there.
_LINKED: dict[str, type[Model]] = {"customer_id": Customer, "lead_id": Lead, "deal_id": Deal}


class CrmMember(Resource):
    """Staff see what their role reaches, all without one; a key needs the scope."""

    permission_classes = (IsStaff,)
    required_scopes: ClassVar[dict[str, str]] = {"read": Scope.CRM_READ, "write": Scope.CRM_WRITE}

    def get_queryset(self) -> QuerySet[Any]:
        return visible_to(self.request.user, super().get_queryset())

    def get_changeable(self) -> Any:
        """The row of the address. Raises Http404, or PermissionDenied for one beyond the colleague's reach."""
        row = self.get_object()
        if not may_change(self.request.user, row):
            raise PermissionDenied("It is another colleague's, and your role changes only some.")
        return row


class CrmResource(ListModelMixin, RetrieveModelMixin, CrmMember):
    """With a list, and an address for each row."""


def check_reach(request: Request, values: Mapping[str, Any]) -> None:
    """Raises NotFound for a customer, lead or deal that the role does not reach."""
    if reaches_of(request.user).sees == Reach.ALL:
        return
    for name, model in _LINKED.items():
        key = values.get(name)
        if key is not None and not visible_to(request.user, model._default_manager.filter(pk=key)).exists():
            raise NotFound(f"There is no such {name.removesuffix('_id')}.")


def about_visible(user: Any, rows: QuerySet[Any], *links: str) -> QuerySet[Any]:
    """Rows about customers, leads or deals (`links` names the fields) that the user sees."""
    if reaches_of(user).sees == Reach.ALL:
        return rows
    seen = Q()
    for link in links:
        seen |= Q(**{f"{link}__in": visible_to(user, _LINKED[f"{link}_id"]._default_manager.all()).values("pk")})
    return rows.filter(seen)
