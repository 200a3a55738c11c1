"""Saved views: the bar above every list, and what its buttons do."""

from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.admin.saved_views.list_address import EVERYTHING, back_to_list, kept_query, list_url, model_admin_of
from crm.models.saved_view import SavedView
from crm.reads.saved_views import views_of
from crm.services.saved_views.change_view import change_view
from crm.services.saved_views.delete_view import delete_view
from crm.services.saved_views.save_view import save_view
from crm.services.saved_views.set_default_view import set_default_view
from shared.admin.base import FROM_MENU, actor_of
from shared.errors import Refusal

_LIST = "_changelist"


def bar_of(request: HttpRequest, changelist: ChangeList) -> dict[str, Any]:
    """The views of a list, and what the page shows now. One statement, or none where the default was asked for."""
    page = changelist.model._meta.label_lower
    current = kept_query(request.META.get("QUERY_STRING", ""))
    views = sorted(_views_of_list(request, page), key=lambda view: view.name.casefold())
    return {
        "views": views,
        "here": next((view for view in views if current and view.query == current), None),
        "everything": EVERYTHING,
        "mine": [view for view in views if view.owner_id == request.user.pk],
        "current": current,
        "page": page,
        "is_popup": changelist.is_popup,
    }


def open_default_view(request: HttpRequest) -> HttpResponse | None:
    """To the colleague's default view, for a list that was opened without any query; None for every other page. From
    the menu to that or, without one, to what the list opens with; a search from there looks in all.

    It costs no statement: the bar above the list shows the views that are read here.
    """
    match = request.resolver_match
    model_admin = getattr(getattr(match, "func", None), "model_admin", None)
    is_list = match is not None and (match.url_name or "").endswith(_LIST)
    if not is_list or model_admin is None or request.method != "GET":
        return None
    asked = request.META.get("QUERY_STRING", "")
    opening = str(getattr(model_admin, "opens_with", "")).format(user=request.user.pk)
    if opening and SEARCH_VAR in request.GET:
        return _search_in_all(request, opening)
    if asked not in ("", FROM_MENU):
        return None
    views = _views_of_list(request, model_admin.opts.label_lower)
    chosen = next((view.query for view in views if view.is_default and view.query), "")  # type: ignore[attr-defined]
    if asked == FROM_MENU:
        chosen = chosen or opening or EVERYTHING.removeprefix("?")
    return HttpResponseRedirect(f"{request.path}?{chosen}") if chosen else None


def _search_in_all(request: HttpRequest, opening: str) -> HttpResponse | None:
    """Whoever searches where the list opened wants to find, whatever is done with it."""
    rest = [pair for pair in parse_qsl(request.META["QUERY_STRING"]) if pair[0] != SEARCH_VAR]
    if not request.GET[SEARCH_VAR] or sorted(rest) != sorted(parse_qsl(opening)):
        return None
    return HttpResponseRedirect(f"{request.path}?{urlencode({SEARCH_VAR: request.GET[SEARCH_VAR]})}")


def _views_of_list(request: HttpRequest, page: str) -> list[SavedView]:
    """The views of a list, read once for a request."""
    read: dict[str, list[SavedView]] = request.__dict__.setdefault("_k_views", {})
    if page not in read:
        read[page] = list(views_of(page=page, user_id=request.user.pk)) if request.user.pk else []
    return read[page]


def view_urls() -> list[URLPattern]:
    wrap = admin.site.admin_view
    return [
        path("views/save/", wrap(require_POST(_save_view)), name="saved_view_save"),
        path("views/<uuid:view_id>/", wrap(require_POST(_change_view)), name="saved_view_change"),
    ]


def _save_view(request: HttpRequest) -> HttpResponse:
    page, query = request.POST.get("page", ""), kept_query(request.POST.get("query", ""))
    url = list_url(request, page)
    if not _is_taken(request, page, query):
        messages.error(request, _("These are not filters of this list."))
        return HttpResponseRedirect(url)
    try:
        is_shared = "is_shared" in request.POST
        name = request.POST.get("name", "")
        view = save_view(page=page, name=name, query=query, is_shared=is_shared, actor=actor_of(request))
        messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    except Refusal as refusal:
        messages.error(request, refusal.detail)
    return back_to_list(url, query)


def _change_view(request: HttpRequest, view_id: UUID) -> HttpResponse:
    url = list_url(request, request.POST.get("page", ""))
    query = kept_query(request.POST.get("query", ""))
    try:
        if "delete" in request.POST:
            delete_view(view_id=view_id, actor=actor_of(request))
            messages.success(request, _("The view is deleted."))
        elif "default" in request.POST:
            _set_default(request, view_id)
        else:
            is_shared = "is_shared" in request.POST
            change_view(
                view_id=view_id, name=request.POST.get("name", ""), is_shared=is_shared, actor=actor_of(request)
            )
            messages.success(request, _("The view is changed."))
    except Refusal as refusal:
        messages.error(request, refusal.detail)
    return back_to_list(url, query)


def _set_default(request: HttpRequest, view_id: UUID) -> None:
    is_default = request.POST["default"] == "1"
    page = request.POST.get("page", "")
    view = set_default_view(view_id=view_id, page=page, is_default=is_default, actor=actor_of(request))
    told = _("The list opens with “%(name)s” from now on.") % {"name": view.name}
    messages.success(request, told if is_default else _("The list opens with everything again."))


def _is_taken(request: HttpRequest, page: str, query: str) -> bool:
    """Whether the list itself takes the query."""
    asked = HttpRequest()
    asked.method, asked.user, asked.session = "GET", request.user, request.session
    asked.META = {**request.META, "QUERY_STRING": query}
    asked.GET = QueryDict(query)
    try:
        changelist = model_admin_of(page).get_changelist_instance(asked)
    except (IncorrectLookupParameters, SuspiciousOperation, ValidationError, ValueError):
        return False
    return all(_has_value(spec) for spec in changelist.filter_specs if isinstance(spec, SimpleListFilter))


def _has_value(spec: SimpleListFilter) -> bool:
    """Such a filter ignores a value that it does not know."""
    return spec.value() in (None, "", *(str(value) for value, _label in spec.lookup_choices))
