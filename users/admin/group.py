"""Roles: named sets of permissions, and whose records they reach."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline

from shared.admin.base import KontorAdmin
from users.access.ownership import RecordAccess, record_access_of
from users.access.rank import permissions_of_login, roles_given_by
from users.access.roles import ROLES
from users.models.role import Role

admin.site.unregister(Group)


class RoleInline(StackedInline):
    """A group without this row reaches everything that its permissions allow."""

    model = Role
    fields = ("sees", "changes", "only_own_sellers")
    verbose_name_plural = _("record access")
    can_delete = False
    extra = 1
    max_num = 1


# Tables of others' that no page shows: a right to them would give nothing. Of the queue's there is a page of jobs.
_SHOWN_NOWHERE = Q(content_type__app_label__in=["otp_static", "otp_totp", "procrastinate"]) & ~Q(
    content_type__model="procrastinatejob"
)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, KontorAdmin):
    list_display = ("name", "does", "sees", "changes")
    list_select_related = ("role",)
    sortable_by = ("name",)
    search_fields = ("name",)
    search_help_text = _("The beginning of a role's name.")
    empty_help = _("A role is a set of permissions for several colleagues, e.g. Warehouse or Sales.")
    inlines = [RoleInline]

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(name__istartswith=term)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "permissions":
            field.label_from_instance = _permission_label
            field.queryset = field.queryset.exclude(_SHOWN_NOWHERE)
            if request is not None and not request.user.is_superuser:
                field.queryset = field.queryset.filter(pk__in=permissions_of_login(request.user).values("pk"))
        return field

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever reaches some records alone makes no role: it might reach others."""
        return super().has_add_permission(request) and record_access_of(request.user) == RecordAccess()

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """A role with a right that one does not have is not one's to change."""
        return super().has_change_permission(request, obj) and _is_theirs(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_theirs(request, obj)

    @admin.display(description=_("what they do"))
    def does(self, group: Group) -> str:
        key = group.role.key if hasattr(group, "role") else None
        return next((gettext(kind.does) for kind in ROLES if kind.key == key), "-")

    @admin.display(description=pgettext_lazy("role", "sees"))
    def sees(self, group: Group) -> str:
        return _describe_access(group, "sees")

    @admin.display(description=pgettext_lazy("role", "changes"))
    def changes(self, group: Group) -> str:
        return _describe_access(group, "changes")


def _is_theirs(request: HttpRequest, group: Group | None) -> bool:
    return group is None or roles_given_by(request.user).filter(pk=group.pk).exists()


_VERBS = {
    "view": pgettext_lazy("permission", "view"),
    "add": pgettext_lazy("permission", "add"),
    "change": pgettext_lazy("permission", "change"),
    "delete": pgettext_lazy("permission", "delete"),
}


def _permission_label(permission: Permission) -> str:
    """Names are stored in English."""
    verb = permission.codename.partition("_")[0]
    return f"{permission.content_type} | {_VERBS.get(verb) or gettext(permission.name)}"


def _describe_access(group: Group, verb: str) -> str:
    role = getattr(group, "role", None)
    return str(getattr(role, f"get_{verb}_display")()) if role is not None else str(_("All"))
