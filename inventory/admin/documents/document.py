"""Deliveries, transfers and stocktakes: prepared here, applied on a page that shows what will happen."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from catalog.seller_access import of_sellers_of
from inventory.admin.documents.lines import LineInline, NewLineInline, is_open
from inventory.admin.documents.pages import apply_page, cancel_page, count_sheet, paste_page, stocktake_page
from inventory.documents.lines import check_places, lock_open_document
from inventory.models.document import DocumentKind, DocumentStatus, StockDocument
from inventory.models.location import StockLocation
from inventory.services.create_stock_document import create_stock_document
from inventory.services.update_stock_document import update_stock_document
from shared.admin.base import Undeletable, actor_of
from shared.admin.display import change_url, object_link, tag
from shared.admin.filters import KindFilter, RelatedFilter
from shared.admin.form_page import FormPage, answer
from shared.admin.saving import ServiceAdmin, Values
from shared.errors import InvalidInput, Refusal

_COLOURS = {
    DocumentStatus.OPEN: "info",
    DocumentStatus.APPLYING: "warning",
    DocumentStatus.APPLIED: "success",
    DocumentStatus.CANCELLED: "default",
}
_APPLY_NAMES: dict[str, Any] = {
    DocumentKind.RECEIPT: _("Receive the goods"),
    DocumentKind.TRANSFER: _("Move the goods"),
    DocumentKind.STOCKTAKE: _("Apply the count"),
}
# All of them need the right of their own as well; this is only about what the document still takes.
_OF_OPEN = {"apply_document", "paste_lines", "cancel_document", "count_sheet"}


class DocumentForm(forms.ModelForm):
    """`version` is the document's as the page showed it."""

    class Meta:
        model = StockDocument
        fields = ("kind", "location", "target", "reference", "version")
        # Two colleagues count one warehouse: the later one to save is asked, and does not undo the other's lines.
        widgets = {"version": forms.HiddenInput}

    def clean(self) -> dict[str, Any]:
        """Locks the document until the request has saved it: nobody applies what is being changed."""
        values: dict[str, Any] = super().clean() or {}
        document: StockDocument = self.instance
        try:
            # Here and not in the service: lines are validated after the form, and must be those of a document that is
            # held.
            if not document._state.adding:
                lock_open_document(document.pk, expected_version=values.get("version"))
            if values.get("location") is not None:
                # The kind cannot change later and is then no field of the form, so that the document's own counts.
                check_places(values.get("kind") or document.kind, values["location"], values.get("target"))
        except InvalidInput as refusal:
            for fault in refusal.data["errors"]:
                # The service names fields as REST does; here they are the form's.
                self.add_error(fault["pointer"].strip("/"), fault["detail"])
        except Refusal as refusal:
            raise forms.ValidationError(refusal.detail) from refusal
        return values


@admin.register(StockDocument)
class StockDocumentAdmin(Undeletable, ServiceAdmin):
    form = DocumentForm
    inlines = [LineInline, NewLineInline]
    list_display = ("begun", "kind", "state", "place", "reference", "actor", "applied_at")
    list_select_related = ("location__seller", "target__seller", "actor")
    list_filter = [("kind", KindFilter), ("status", KindFilter), ("location", RelatedFilter)]
    ordering = ("-id",)
    empty_help = _("Receive a delivery, carry goods to another location, or begin a stocktake.")
    autocomplete_fields = ("location", "target")
    readonly_fields: ClassVar[Any] = ("state", "actor", "created_at", "applied_at", "left")
    actions_list = ("start_stocktake",)
    actions_detail = ("apply_document", "paste_lines", "count_sheet", "cancel_document")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        documents = super().get_queryset(request).select_related("location__seller", "target__seller", "actor")
        # By where goods are taken from or counted: a transfer's target is the same seller's.
        return of_sellers_of(request.user, documents, "location__seller_id")

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        places = ("kind", ("location", "target"), "reference")
        if obj is None:
            return ((None, {"fields": places}),)
        hidden = ("version",) if self.has_change_permission(request, obj) else ()
        # Only a big document that was applied in lots has a remainder: for all others it would be an empty row.
        left = ("left",) if isinstance(obj, StockDocument) and obj.remainder_id is not None else ()
        done = (_("State"), {"fields": (("state", "actor"), ("created_at", "applied_at"), *left)})
        return ((None, {"fields": (*places, *hidden)}), done)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        # What the quantities mean depends on the kind: of a delivery units that came, of a count units that are there.
        return self.readonly_fields if obj is None else (*self.readonly_fields, "kind")

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Locations of other sellers are none, for those who reach their own alone."""
        # The picker searches within sellers already; a key that is posted by hand must be refused, too.
        if db_field.name in {"location", "target"}:
            kwargs["queryset"] = of_sellers_of(request.user, StockLocation.objects.all(), "seller_id")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A delivery at the place that goods are sold from first: most shops have one. 1 statement."""
        places = of_sellers_of(request.user, StockLocation.objects.filter(is_active=True), "seller_id")
        first = places.order_by("seller__priority", "priority", "id").values_list("pk", flat=True).first()
        given = super().get_changeform_initial_data(request)
        return {"kind": DocumentKind.RECEIPT.value, "location": first, **given}

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return (obj is None or is_open(obj)) and bool(super().has_change_permission(request, obj))

    def create_record(self, request: HttpRequest, values: Values) -> StockDocument:
        return create_stock_document(**values, actor=actor_of(request))

    def change_record(self, request: HttpRequest, row: StockDocument, changes: Values) -> None:
        update_stock_document(document_id=row.pk, changes=changes)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """What is applied or cancelled is only looked at."""
        # Before the page reads it with all that its lines name.
        document = StockDocument.objects.only("status", "kind").filter(pk=object_id).first()
        offered = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        shown = _OF_OPEN if is_open(document) else set()
        buttons = [action for action in offered if action.method.original_function_name in shown]
        for button in buttons:
            if button.method.original_function_name == "apply_document" and document is not None:
                button.description = _APPLY_NAMES.get(document.kind, button.description)
        return buttons

    def response_add(self, request: HttpRequest, obj: StockDocument, post_url_continue: str | None = None) -> Any:
        """On to its own page, where it is received, moved or counted by one button."""
        answer = super().response_add(request, obj, post_url_continue)
        stays = request.POST.keys() & {"_addanother", "_continue", "_popup"}
        return answer if stays else HttpResponseRedirect(change_url(StockDocument, obj.pk))

    @action(
        description=_("Apply"),
        icon="task_alt",
        variant=ActionVariant.PRIMARY,
        permissions=["inventory.adjust_stock"],
    )
    def apply_document(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, apply_page)

    @action(
        description=_("Scan or paste lines"), icon="barcode_scanner", permissions=["inventory.change_stockdocument"]
    )
    def paste_lines(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, paste_page)

    @action(description=_("Count sheet"), icon="print", permissions=["inventory.view_stockdocument"])
    def count_sheet(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return count_sheet(self, request, self.find(request, object_id))

    @action(
        description=_("Cancel"),
        icon="cancel",
        variant=ActionVariant.DANGER,
        permissions=["inventory.change_stockdocument"],
    )
    def cancel_document(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, cancel_page)

    @action(description=_("Begin a stocktake"), icon="checklist", permissions=["inventory.add_stockdocument"])
    def start_stocktake(self, request: HttpRequest) -> HttpResponse:
        # An action of the list is offered by its permission, and its address can be called without being offered.
        if not self.has_add_permission(request):
            raise PermissionDenied
        return answer(self, request, stocktake_page(self, request))

    def _answer_page(
        self, request: HttpRequest, object_id: str, make_page: Callable[[HttpRequest, StockDocument], FormPage]
    ) -> HttpResponse:
        document = self.find(request, object_id)
        return answer(self, request, make_page(request, document))

    @display(description=_("begun"), ordering="id")
    def begun(self, document: StockDocument) -> Any:
        return document.created_at

    @display(description=_("status"))
    def state(self, document: StockDocument) -> str:
        return tag(document.get_status_display(), _COLOURS[DocumentStatus(document.status)])

    @display(description=_("remainder"))
    def left(self, document: StockDocument) -> str:
        return object_link(document.remainder)

    @display(description=_("location"))
    def place(self, document: StockDocument) -> str:
        return f"{document.location} → {document.target}" if document.target else str(document.location)
