"""Rows with an owner: lists show those within the role's reach, pages change those within it."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from users.ownership import may_change, owner_field, visible_to

if TYPE_CHECKING:  # stands before KontorAdmin among an admin's bases
    from shared.admin.base import KontorAdmin
else:
    KontorAdmin = object


class Owned(KontorAdmin):
    """Whoever adds a row owns it, unless the form names another."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return visible_to(request.user, super().get_queryset(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _is_within_reach(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_within_reach(request, obj)

    def find_to_change(self, request: HttpRequest, object_id: str) -> Any:
        """The row that a page is about to change. Raises Http404, and PermissionDenied for another's."""
        row = self.find(request, object_id)
        if not _is_within_reach(request, row):
            raise PermissionDenied(_("It is another colleague's, and your role changes only some."))
        return row

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {str(owner_field(self.model)): request.user.pk, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Model, form: forms.ModelForm, change: bool) -> None:
        field = str(owner_field(self.model))
        if not change and field not in form.fields:
            setattr(obj, f"{field}_id", request.user.pk)
        super().save_model(request, obj, form, change)


def _is_within_reach(request: HttpRequest, obj: Any) -> bool:
    return not isinstance(obj, Model) or may_change(request.user, obj)
