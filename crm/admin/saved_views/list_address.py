"""Where a list is, what of its address is worth keeping, and the way back to it."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import admin
from django.contrib.admin.options import IS_FACETS_VAR, IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

_NOT_KEPT = {PAGE_VAR, ALL_VAR, ERROR_FLAG, IS_FACETS_VAR, IS_POPUP_VAR, TO_FIELD_VAR, "_changelist_filters"}
_MOST_PARTS = 100
# The whole list, also where another view is the default: an address without anything opens that one.
EVERYTHING = f"?{PAGE_VAR}=1"


def kept_query(query: str) -> str:
    """What of a list's query string is worth keeping, in an order that makes equal filters equal; nothing of one with
    more parts than any list has filters."""
    try:
        pairs = parse_qsl(query, keep_blank_values=False, max_num_fields=_MOST_PARTS)
    except ValueError:
        return ""
    return urlencode(sorted(pair for pair in pairs if pair[0] not in _NOT_KEPT))


def back_to_list(url: str, query: str) -> HttpResponseRedirect:
    """To what the list showed, be it everything."""
    return HttpResponseRedirect(f"{url}?{query}" if query else f"{url}{EVERYTHING}")


def model_admin_of(page: str) -> Any:
    for model, model_admin in admin.site._registry.items():
        if model._meta.label_lower == page:
            return model_admin
    raise Http404(_("There is no such list."))


def list_url(request: HttpRequest, page: str) -> str:
    """The list's address. Raises Http404, or PermissionDenied for a list that the colleague may not see."""
    model_admin = model_admin_of(page)
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    return reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_changelist")
