from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from shared.admin.base import ReadOnlyInline
from shared.admin.saving import ServiceAdmin, Values
from users.models.team import Team
from users.models.user import User
from users.services.save_team import delete_team, save_team


class MemberInline(ReadOnlyInline, TabularInline):
    model = User
    fields = ("email", "first_name", "last_name")
    readonly_fields = fields
    verbose_name_plural = _("members, chosen on each user's page")


@admin.register(Team)
class TeamAdmin(ServiceAdmin):
    list_display = ("name",)
    sortable_by = ("name",)
    search_fields = ("name",)
    search_help_text = _("The beginning of a team's name.")
    empty_help = _("Colleagues of a team share their customers, leads, deals and tasks, where their role says so.")

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(name__istartswith=term)

    def get_inlines(self, request: HttpRequest, obj: Team | None) -> Any:
        """A team has members once it exists."""
        return [MemberInline] if obj is not None else []

    def create_record(self, request: HttpRequest, values: Values) -> Team:
        return save_team(team_id=None, values=values)

    def change_record(self, request: HttpRequest, row: Team, changes: Values) -> Team:
        return save_team(team_id=row.pk, values=changes)

    def delete_record(self, request: HttpRequest, row: Team) -> None:
        delete_team(team_id=row.pk)
