"""Imports: a list of one's own, a page to upload a file, and one page that goes with the import from step to step."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from exchange.admin.imports.forms import MappingForm, UploadForm
from exchange.admin.imports.steps import CONFLICTS, STEPS, context_of
from exchange.exporting.files import CONTENT_TYPES, csv_pieces
from exchange.models.data_import import Import
from exchange.reading.table import MAX_FILE_BYTES
from exchange.reads import conflicts_of, each_fault, imports_of
from exchange.resources.permissions import IMPORT, resources_for
from exchange.running.stuck import is_stuck
from exchange.services.upload_import import upload_import
from shared.admin.base import KontorAdmin, ReadOnly, actor_of
from shared.errors import Refusal

_COLOURS = {"done": "success", "failed": "danger", "undone": "warning"}


@admin.register(Import)
class ImportAdmin(ReadOnly, KontorAdmin):
    list_display = ("file_name", "kind", "state", "total", "creates", "updates", "faulty", "created_by", "created_at")
    list_select_related = ("created_by",)
    ordering = ("-id",)
    empty_help = _("Upload a CSV or XLSX file: it is checked first, and nothing is written before you say so.")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return imports_of(request.user)  # type: ignore[arg-type]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(IMPORT))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(IMPORT))

    def has_add_permission(self, request: HttpRequest) -> bool:  # type: ignore[override]
        return bool(request.user.has_perm(IMPORT)) and bool(resources_for(request.user))

    @display(description=_("state"), label=True)
    def state(self, data_import: Import) -> str:
        return data_import.get_status_display()

    def get_urls(self) -> list[URLPattern]:
        def page(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"exchange_import_{name}")

        return [
            page("<uuid:object_id>/progress/", self.progress, "progress"),
            page("<uuid:object_id>/errors.csv", self.errors, "errors"),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        is_sent = request.method == "POST"
        resources = resources_for(request.user)
        form = UploadForm(
            resources,
            data=request.POST if is_sent else None,
            files=request.FILES if is_sent else None,
            initial={"kind": request.GET.get("kind")},
        )
        status = 200
        if is_sent and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                made = upload_import(
                    kind=form.cleaned_data["kind"], name=file.name, pieces=file.chunks(), actor=actor_of(request)
                )
                return HttpResponseRedirect(_page_url("change", made))
            except Refusal as refusal:
                form.add_error("file", refusal.detail)
                status = refusal.status
        context = {"title": gettext("Import a file"), "form": form, "most_megabytes": MAX_FILE_BYTES // 2**20}
        return self._render_page(request, "admin/kontor/import_upload.html", context, status)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The import where it stands now; a POST names the step that is wanted."""
        data_import = self._find_import(request, object_id or "")
        form = MappingForm(data_import, request.user, data=request.POST if request.method == "POST" else None)
        status = 200
        if request.method == "POST":
            step = STEPS.get(request.POST.get("step", ""))
            try:
                if step is not None and step(request, data_import, form):
                    return HttpResponseRedirect(_page_url("change", data_import))
                status = 400
            except Refusal as refusal:
                messages.error(request, refusal.detail)
                status = refusal.status
                data_import.refresh_from_db()
        context = {
            "title": str(data_import),
            "form": form,
            "is_stuck": is_stuck(data_import),
            "progress_url": _page_url("progress", data_import),
            "errors_url": _page_url("errors", data_import),
            **context_of(data_import),
        }
        return self._render_page(request, "admin/kontor/import_page.html", context, status)

    def progress(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """For the page's script: how far it is."""
        found = self._find_import(request, object_id)
        answer = {"status": found.status, "progress": found.progress, "is_under_way": found.is_under_way}
        return JsonResponse(answer, headers={"Cache-Control": "no-store"})

    def errors(self, request: HttpRequest, object_id: str) -> StreamingHttpResponse:
        """All errors, and what an undo could not undo, as CSV."""
        found = self._find_import(request, object_id)
        why = {conflict: str(text) for conflict, text in CONFLICTS.items()}  # rows are sent when the page is done

        def rows() -> Any:
            for number, fault in each_fault(found):
                yield number, fault["column"], fault["text"]
            for change in conflicts_of(found).iterator():
                yield change.number or "", why.get(change.conflict, change.conflict), _name_of(change.after)

        return _csv_download(
            rows(), [gettext("Row"), gettext("Column"), gettext("What is wrong")], f"errors-{found.file_name}.csv"
        )

    def _find_import(self, request: HttpRequest, object_id: str) -> Import:
        if not self.has_view_permission(request):
            raise PermissionDenied
        found: Import = self.find(request, object_id)
        return found

    def _render_page(self, request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
        request.current_app = self.admin_site.name
        context = {**self.admin_site.each_context(request), "model_admin": self, "opts": self.opts, **context}
        return TemplateResponse(request, template, context, status=status)


def _page_url(page: str, data_import: Import) -> str:
    return reverse(f"admin:exchange_import_{page}", args=[data_import.pk])


def _name_of(record: dict[str, Any]) -> str:
    return str(record.get("email") or record.get("sku") or record.get("name") or record.get("id"))


def _csv_download(rows: Any, headers: list[str], name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(csv_pieces(headers, rows), content_type=CONTENT_TYPES["csv"])
    safe = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "_" for sign in name)
    answer["Content-Disposition"] = f'attachment; filename="{safe}"'
    return answer
