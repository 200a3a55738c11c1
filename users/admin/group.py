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
from users.models.role import Role
from users.roles import ROLES

admin.site.unregister(Group)


class RoleInline(StackedInline):
    """A group without this row reaches everything that its permissions allow."""

    model = Role
    fields = ("sees", "changes", "only_own_sellers")
    verbose_name_plural = _("reach")
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
        return field

    @admin.display(description=_("what they do"))
    def does(self, group: Group) -> str:
        key = group.role.key if hasattr(group, "role") else None
        return next((gettext(kind.does) for kind in ROLES if kind.key == key), "-")

    @admin.display(description=pgettext_lazy("role", "sees"))
    def sees(self, group: Group) -> str:
        return _reach(group, "sees")

    @admin.display(description=pgettext_lazy("role", "changes"))
    def changes(self, group: Group) -> str:
        return _reach(group, "changes")


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


def _reach(group: Group, verb: str) -> str:
    role = getattr(group, "role", None)
    return str(getattr(role, f"get_{verb}_display")()) if role is not None else str(_("All"))
