"""Exports: a page that asks for the format, and one that waits for the file."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from exchange.admin_lists import chosen_rows
from exchange.exporting.files import CONTENT_TYPES, file_pieces
from exchange.exporting.resource import ExportResource
from exchange.exporting.resources import EXPORT_RESOURCES, export_resources_of
from exchange.models.data_export import Export, ExportFormat, ExportStatus
from exchange.reads import exports_of
from exchange.resources.permissions import EXPORT
from exchange.services.request_export import request_export
from exchange.storage.stored_files import pieces_of
from shared.admin.base import KontorAdmin, ReadOnly, actor_of
from shared.errors import Refusal

# As many rows are sent at once; more are written by a job.
SENT_AT_ONCE = 2_000


@admin.register(Export)
class ExportAdmin(ReadOnly, KontorAdmin):
    list_display = ("what", "file_format", "status", "written", "created_at", "expires_at")
    ordering = ("-id",)
    empty_help = _("Press Export beside any list. Files are kept for a day, and only you can fetch yours.")

    @display(description=_("rows"))
    def what(self, export: Export) -> str:
        resource = EXPORT_RESOURCES.get(export.kind)
        return gettext(resource.label) if resource else export.kind

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return exports_of(request.user)  # type: ignore[arg-type]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(EXPORT))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(EXPORT))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("of/<str:name>/", view(self.new), name="exchange_export_of"),
            path("<uuid:object_id>/progress/", view(self.progress), name="exchange_export_progress"),
            path("<uuid:object_id>/file/", view(self.file), name="exchange_export_file"),
            *super().get_urls(),
        ]

    def new(self, request: HttpRequest, name: str) -> HttpResponseBase:
        """Choose the format; a short list is sent at once, a long one written by a job."""
        resource = EXPORT_RESOURCES.get(name)
        if resource is None:
            raise Http404
        query = request.GET.urlencode()
        try:
            rows = chosen_rows(request.user, resource, query)
        except Refusal as refusal:
            if refusal.status == 403:
                raise PermissionDenied from refusal
            return self._render_page(request, {"title": gettext(resource.label), "refusal": refusal.detail}, 400)
        if request.GET.get(SEARCH_VAR) and not rows.exists():  # the list may show what is spelled nearly so
            text = gettext("Nothing matches the search exactly, so there is nothing to export.")
            return self._render_page(request, {"title": gettext(resource.label), "refusal": text}, 400)
        if request.method == "POST":
            return self._answer_export(request, rows, query)
        is_long = len(rows.order_by().values("pk")[: SENT_AT_ONCE + 1]) > SENT_AT_ONCE
        context = {
            "title": gettext("Export: %(what)s") % {"what": gettext(resource.label)},
            "resources": [(one.name, gettext(one.label)) for one in export_resources_of(resource.list_model)],
            "formats": ExportFormat.choices,
            "is_long": is_long,
            "is_filtered": bool(query),
            "back_url": f"{_list_url(resource)}?{query}",
        }
        return self._render_page(request, context)

    def _answer_export(self, request: HttpRequest, rows: QuerySet, query: str) -> HttpResponseBase:
        resource = EXPORT_RESOURCES.get(request.POST.get("resource", ""))
        file_format = request.POST.get("format", "")
        if resource is None or rows.model is not resource.list_model or file_format not in ExportFormat.values:
            raise Http404
        if len(resource.rows(rows).order_by().values("pk")[: SENT_AT_ONCE + 1]) > SENT_AT_ONCE:
            made = request_export(resource=resource, query=query, file_format=file_format, actor=actor_of(request))
            return HttpResponseRedirect(reverse("admin:exchange_export_change", args=[made.pk]))
        pieces = file_pieces(file_format, resource.headers(), list(resource.values(rows)))
        return _download_response(pieces, f"{resource.name}.{file_format}", file_format)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if object_id is None:  # exports are begun on the lists
            raise PermissionDenied
        export = self._find_export(request, object_id)
        resource = EXPORT_RESOURCES.get(export.kind)
        context = {
            "title": gettext("Export: %(what)s") % {"what": gettext(resource.label) if resource else export.kind},
            "export": export,
            "progress_url": reverse("admin:exchange_export_progress", args=[export.pk]),
            "file_url": reverse("admin:exchange_export_file", args=[export.pk]),
        }
        return self._render_page(request, context)

    def progress(self, request: HttpRequest, object_id: str) -> HttpResponse:
        export = self._find_export(request, object_id)
        share = 100 * export.written // max(1, export.total)
        answer = {"status": export.status, "progress": share, "is_under_way": export.is_under_way}
        return JsonResponse(answer, headers={"Cache-Control": "no-store"})

    def file(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Only for whoever asked for it, and only while they may view such records."""
        export = self._find_export(request, object_id)
        resource = EXPORT_RESOURCES.get(export.kind)
        if resource is None or export.status != ExportStatus.DONE or export.file_id is None:
            raise Http404
        if not admin.site._registry[resource.list_model].has_view_permission(request):
            raise PermissionDenied
        return _download_response(pieces_of(export.file_id), str(export), export.file_format)

    def _find_export(self, request: HttpRequest, object_id: str) -> Export:
        if not self.has_view_permission(request):
            raise PermissionDenied
        found: Export = self.find(request, object_id)
        return found

    def _render_page(self, request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
        request.current_app = self.admin_site.name
        context = {**self.admin_site.each_context(request), "model_admin": self, "opts": self.opts, **context}
        return TemplateResponse(request, "admin/kontor/export_page.html", context, status=status)


def _list_url(resource: ExportResource) -> str:
    meta = resource.list_model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")


def _download_response(pieces: Any, name: str, file_format: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(pieces, content_type=CONTENT_TYPES[file_format])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
