"""The rows of an admin list as its own filters, search and rights choose them."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.exporting.resource import ExportResource
from exchange.exporting.resources import EXPORT_RESOURCES
from exchange.models.data_export import Export
from exchange.resources.permissions import EXPORT
from shared.admin.search import complete
from shared.clock import reader_zone
from shared.errors import InvalidInput, Refusal


class NotAllowed(Refusal):
    code = "not_allowed"
    status = 403
    title = gettext_lazy("You may not export this")


def rows_of(export: Export) -> QuerySet:
    """What a job writes."""
    return chosen_rows(export.created_by, EXPORT_RESOURCES[export.kind], export.query)


def chosen_rows(user: Any, resource: ExportResource, query: str) -> QuerySet:
    """All rows of the list, however many; what bounds a page for speed does not bound a file.

    Raises NotAllowed without the right to export or to view the list, InvalidInput for filters that mean nothing.
    """
    request = HttpRequest()
    request.method, request.user = "GET", user
    request.META.update(SERVER_NAME="localhost", SERVER_PORT="80")
    asked = QueryDict(query, mutable=True)
    asked.pop(PAGE_VAR, None)
    asked.pop("all", None)
    request.GET = asked  # type: ignore[assignment]
    model_admin: ModelAdmin = admin.site.get_model_admin(resource.list_model)
    if not (user.is_active and user.has_perm(EXPORT) and model_admin.has_view_permission(request)):
        raise NotAllowed(_("You may not export this list."))
    try:
        with complete(), timezone.override(reader_zone(user.time_zone)):  # a job reads days as the list did
            return model_admin.get_changelist_instance(request).get_queryset(request)
    except (IncorrectLookupParameters, DisallowedModelAdminLookup) as error:
        raise InvalidInput(("/query", "invalid", _("The list's filters cannot be read."))) from error
