"""Rows with an owner: lists show those that the role's record access covers, pages change those."""

from typing import TYPE_CHECKING, Any

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from users.access.ownership import check_may_change, may_change, owner_field, record_access_of, visible_to
from users.models.role import AccessLevel

if TYPE_CHECKING:  # stand before an admin's base class
    from shared.admin.base import KontorAdmin
    from shared.admin.saving import ServiceAdmin, Values
else:
    KontorAdmin = ServiceAdmin = object
    Values = dict


class ReachedChoices(KontorAdmin):
    """A form takes, of what has owners, only what the colleague sees: its search offers no other, and a request may
    name any. What the row has already stays."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        model = db_field.remote_field.model
        if owner_field(model) is not None and record_access_of(request.user).sees != AccessLevel.ALL:
            rows = model._default_manager.all()
            match = request.resolver_match
            row_id = match.kwargs.get("object_id") if match is not None else None
            own = self.model._default_manager.filter(pk=row_id).values(db_field.attname) if row_id else ()
            seen = visible_to(request.user, rows).order_by().values("pk")
            kwargs["queryset"] = rows.filter(Q(pk__in=seen) | Q(pk__in=own))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class Owned(ReachedChoices, ServiceAdmin):
    """Whoever adds a row owns it, unless the form names another."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return visible_to(request.user, super().get_queryset(request))

    def forgives_mistyping(self, request: HttpRequest) -> bool:
        return super().forgives_mistyping(request) and record_access_of(request.user).sees == AccessLevel.ALL

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _is_within_reach(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_within_reach(request, obj)

    def find_to_change(self, request: HttpRequest, object_id: str) -> Any:
        """The row that a page is about to change. Raises Http404, and PermissionDenied for another's."""
        row = self.find(request, object_id)
        check_may_change(request.user, row)
        return row

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {str(owner_field(self.model)): request.user.pk, **super().get_changeform_initial_data(request)}

    def values_of(self, request: HttpRequest, form: Any, change: bool) -> Values:
        values = super().values_of(request, form, change)
        field = str(owner_field(self.model))
        return values if change or field in form.fields else {**values, f"{field}_id": request.user.pk}


def _is_within_reach(request: HttpRequest, obj: Any) -> bool:
    return not isinstance(obj, Model) or may_change(request.user, obj)
