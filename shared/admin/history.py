"""The history tab of a record."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from shared.admin.paginator import BoundedPaginator
from shared.history.reading import read_changes
from shared.history.tracking import tables_hidden_from, tables_shown_with
from shared.models.record_change import RecordChange

_PER_PAGE = 25


class HistoryPage:
    """Of tracked records Kontor's history is shown in place of Django's log of edits, which is not written then."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        me: Any = self
        if not me.has_view_or_change_permission(request):
            raise PermissionDenied  # before anything is looked for: what is not found is told in another way
        tables = tables_shown_with(me.model)
        if not tables:
            page: HttpResponse = super().history_view(request, object_id, extra_context)  # type: ignore[misc]
            return page
        row = me.find(request, unquote(object_id))
        if not me.has_view_or_change_permission(request, row):
            raise PermissionDenied
        tables = sorted(set(tables) - tables_hidden_from(request.user))
        changes = RecordChange.objects.filter(record=str(row.pk), table__in=tables).select_related("actor")
        listed = BoundedPaginator(changes, _PER_PAGE).get_page(request.GET.get(PAGE_VAR, 1))
        request.current_app = me.admin_site.name
        context = {
            **me.admin_site.each_context(request),
            "title": _("History of {record}").format(record=row),
            "shown": read_changes(list(listed)),
            "listed": listed,
            "page_var": PAGE_VAR,
            "original": row,
            "opts": me.opts,
            "model_admin": me,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/kontor/history.html", context)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        return None if self._is_tracked() else super().log_addition(request, obj, message)  # type: ignore[misc]

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        return None if self._is_tracked() else super().log_change(request, obj, message)  # type: ignore[misc]

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return None if self._is_tracked() else super().log_deletions(request, queryset)  # type: ignore[misc]

    def _is_tracked(self) -> bool:
        return bool(tables_shown_with(self.model))  # type: ignore[attr-defined]
