"""Everything that changed, to read."""

from typing import Any

from django.contrib import admin
from django.core.validators import EMPTY_VALUES
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from shared.admin.base import ReadOnlyAdmin
from shared.admin.day_range import DayRangeFilter
from shared.admin.filters import OwnerFilter
from shared.history.reading import columns_in, kind_of, parent_model_of, read_changes
from shared.history.tracking import tables_hidden_from, tracked_tables
from shared.models.record_change import RecordChange
from users.access.ownership import RecordAccess, record_access_of


class ActorFilter(OwnerFilter):
    order = ("-at", "-id")


class KindOfRecordFilter(DropdownFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        hidden = tables_hidden_from(request.user)
        kinds = [(table, kind_of(table)) for table in tracked_tables() if table not in hidden]
        return sorted(kinds, key=lambda kind: kind[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """As a range of one, in the order of the index on both: see KindFilter."""
        value = self.value()
        if value in EMPTY_VALUES:
            return queryset
        if queryset.query.where:
            return queryset.filter(table=value)
        return queryset.filter(table__gte=value, table__lte=value).order_by("table", "-at", "-id")


@admin.register(RecordChange)
class RecordChangeAdmin(ReadOnlyAdmin):
    list_display = ("at", "who", "operation", "kind", "record_link", "columns")
    list_display_links = ("at",)
    list_select_related = ("actor",)
    list_filter = [KindOfRecordFilter, ("actor", ActorFilter), ("at", DayRangeFilter)]
    ordering = ("-at", "-id")
    search_fields = ("record",)
    search_help_text = _("The key of a record, as its address shows it.")
    empty_help = _("Every change of customers, deals, products, users and so on will be listed here.")
    fields = ("at", "who", "source", "operation", "kind", "record_link", "differences")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Changes of what the colleague may view; whoever reaches some records alone reads them on these. A list of one
        kind that they may view needs no second condition, which would keep its index from being used."""
        changes: QuerySet = super().get_queryset(request)
        if not self.has_view_permission(request):  # which every page says, once it has found its row
            return changes
        if record_access_of(request.user) != RecordAccess():
            return changes.none()
        hidden, match = tables_hidden_from(request.user), request.resolver_match
        is_list = match is not None and match.url_name == "shared_recordchange_changelist"
        kind = request.GET.get(KindOfRecordFilter.parameter_name) if is_list else None
        return changes if not hidden or (kind and kind not in hidden) else changes.exclude(table__in=hidden)

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(record=term)

    @display(description=_("who"))
    def who(self, change: RecordChange) -> str:
        return str(change.actor) if change.actor else str(_("system"))

    @display(description=_("kind"))
    def kind(self, change: RecordChange) -> str:
        return kind_of(change.table)

    @display(description=_("fields"))
    def columns(self, change: RecordChange) -> str:
        return columns_in(change)

    @display(description=_("record"))
    def record_link(self, change: RecordChange) -> str | SafeString:
        """To the record's own history; one that is gone has none."""
        model = parent_model_of(change.table)
        if model is None:
            return change.record
        try:
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_history", args=[change.record])
        except NoReverseMatch:
            return change.record
        return format_html('<a class="k-link" href="{}">…{}</a>', url, change.record[-12:])

    @display(description=_("changes"))
    def differences(self, change: RecordChange) -> SafeString:
        (shown,) = read_changes([change])
        context = {"differences": shown.differences, "operation": change.operation}
        return render_to_string("admin/kontor/differences.html", context)
