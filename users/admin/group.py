"""Roles: named sets of permissions."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet

from shared.admin.base import KontorAdmin

admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, KontorAdmin):
    list_display = ("name",)
    sortable_by = ("name",)
    search_fields = ("name",)
    search_help_text = "The beginning of a role's name."
    empty_help = "A role is a set of permissions for several colleagues, e.g. Warehouse or Sales."

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(name__istartswith=term)
