"""The panel above every list in which its reader chooses columns and how close the rows stand."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.admin.saved_views.list_address import back_to_list, kept_query, list_url, model_admin_of
from shared.admin.columns.layout import Layout
from shared.admin.columns.offered import columns_of
from shared.errors import Refusal
from users.services.own_settings.set_list_layout import set_list_layout


def panel_of(request: HttpRequest, changelist: Any) -> dict[str, Any]:
    """What the panel of a list shows. No statement."""
    page = changelist.model._meta.label_lower
    return {
        "columns": columns_of(changelist),
        "is_compact": changelist.layout.is_compact,
        "is_own": changelist.layout != Layout(),
        "current": kept_query(request.META.get("QUERY_STRING", "")),
        "page": page,
        "is_popup": changelist.is_popup,
    }


def column_urls() -> list[URLPattern]:
    return [path("columns/", admin.site.admin_view(require_POST(_lay_out)), name="list_columns")]


def _lay_out(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    page = request.POST.get("page", "")
    url = list_url(request, page)
    listed = model_admin_of(page)
    is_reset, shown = "reset" in request.POST, set(request.POST.getlist("shown"))
    usual, always = [str(name) for name in listed.list_display], set(_linking(listed))
    hidden = [] if is_reset else [name for name in usual if name not in shown | always]
    added = [] if is_reset else [name for name in listed.more_columns if name in shown]
    is_compact = not is_reset and request.POST.get("rows") == "compact"
    try:
        set_list_layout(user_id=user.pk, page=page, hidden=hidden, added=added, is_compact=is_compact)
        messages.success(request, _("The list is as it was made.") if is_reset else _("The list shows what you chose."))
    except Refusal as refusal:
        messages.error(request, refusal.detail)
    return back_to_list(url, kept_query(request.POST.get("query", "")))


def _linking(listed: Any) -> Any:
    """The columns that lead to a record, without which there is no way to it."""
    return listed.list_display_links or listed.list_display[:1]
