"""What the CRM's resources have in common: staff only, scopes, and whose records a role reaches."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request

from crm.timeline.visibility import LINKED
from shared.api.permissions import IsStaff, Needed
from shared.api.viewsets import Resource
from shared.errors import NotFound
from users.access.ownership import check_may_change, record_access_of, visible_to
from users.models.api_key import Scope
from users.models.role import AccessLevel


class CrmMember(Resource):
    """Staff see what their role reaches, all without one; a key needs the scope."""

    permission_classes = (IsStaff,)
    required_scopes: ClassVar[dict[str, Needed]] = {"read": Scope.CRM_READ, "write": Scope.CRM_WRITE}

    def get_queryset(self) -> QuerySet[Any]:
        return visible_to(self.request.user, super().get_queryset())

    def get_changeable(self) -> Any:
        """The row of the address. Raises Http404, or PermissionDenied for one beyond the colleague's reach."""
        row = self.get_object()
        check_may_change(self.request.user, row)
        return row


class CrmResource(ListModelMixin, RetrieveModelMixin, CrmMember):
    """With a list, and an address for each row."""


def check_reach(request: Request, values: Mapping[str, Any]) -> None:
    """Raises NotFound for a customer, lead or deal that the role does not reach."""
    if record_access_of(request.user).sees == AccessLevel.ALL:
        return
    for name, model in LINKED.items():
        key = values.get(name)
        if key is not None and not visible_to(request.user, model._default_manager.filter(pk=key)).exists():
            raise NotFound(f"There is no such {name.removesuffix('_id')}.")
