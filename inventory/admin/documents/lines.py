"""A document's lines on its page: those it has, and a few rows for new ones. Longer lists are pasted."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from inventory.models.document import DocumentKind, DocumentStatus, StockDocument, StockDocumentLine
from inventory.models.level import MAX_ON_HAND
from inventory.services.update_stock_document import update_document_lines
from shared.admin.display import NOTHING, number, object_link
from shared.admin.forms import RowForm
from shared.admin.paged import ROWS_PER_PAGE, PagedFormSet
from shared.admin.saving import ServiceRows


def is_open(document: Model | None) -> bool:
    return isinstance(document, StockDocument) and document.status == DocumentStatus.OPEN


class LineForm(RowForm):
    quantity = forms.IntegerField(
        label=_("Quantity"),
        # An empty box of a stocktake is a line that nobody has counted yet, which is not 0.
        required=False,
        min_value=0,
        max_value=MAX_ON_HAND,
        widget=UnfoldAdminIntegerFieldWidget(),
    )

    # Told by the formset: each line would else read its document again to ask.
    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(*args, **kwargs)

    def clean_quantity(self) -> Any:
        """Only what is counted may be left for later."""
        quantity = self.cleaned_data.get("quantity")
        # 0 is refused with the empty box: of goods that move it would be a line that says nothing.
        if not quantity and self.kind not in ("", DocumentKind.STOCKTAKE):
            raise forms.ValidationError(gettext("Say how many units."))
        return quantity


class LineFormSet(PagedFormSet):
    """Its forms know what kind of document they are lines of."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs(index)
        return {**kwargs, "kind": self.instance.kind}


class DocumentRows(ServiceRows, TabularInline):
    """All changes of a table of lines are one call of a service."""

    def write_rows(self, request: HttpRequest, formset: Any) -> None:
        new = {id(row) for row in formset.new_objects}
        rows = [form.instance for form in formset.saved_forms]
        # One call for a table of hundreds of lines: the document is locked once, and its version grows by one.
        added = {row.variant_id: row.quantity for row in rows if id(row) in new}
        changed = {row.pk: row.quantity for row in rows if id(row) not in new}
        deleted = [row.pk for row in formset.deleted_objects]
        if added or changed or deleted:
            update_document_lines(document_id=formset.instance.pk, added=added, changed=changed, deleted=deleted)


class LineInline(DocumentRows):
    """The lines there are, a page of them at a time."""

    model = StockDocumentLine
    form = LineForm
    formset = LineFormSet
    fields = ("article", "quantity")
    readonly_fields: ClassVar[Any] = ("article", "booked", "ledger_row")
    extra = 0
    per_page = ROWS_PER_PAGE
    hide_title = True
    verbose_name_plural = _("lines")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """What the books said is shown once it changes no more: who counts should not know it."""
        return self.fields if is_open(obj) else ("article", "quantity", "booked", "ledger_row")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        lines: QuerySet = super().get_queryset(request)
        # By id, as they were scanned: whoever looks for a mistake goes along the shelf in the same order.
        return lines.select_related("variant__product", "movement", "document").order_by("id")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_open(obj) and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_open(obj) and bool(super().has_delete_permission(request, obj))

    @display(description=_("variant"))
    def article(self, line: StockDocumentLine) -> str:
        return object_link(line.variant)

    @display(description=_("expected"))
    def booked(self, line: StockDocumentLine) -> str:
        return NOTHING if line.expected is None else number(line.expected)

    @display(description=_("ledger row"))
    def ledger_row(self, line: StockDocumentLine) -> str:
        row = line.movement
        return object_link(row, number(row.quantity, is_change=True)) if row else NOTHING


class NewLineInline(DocumentRows):
    """Rows to fill in."""

    model = StockDocumentLine
    form = LineForm
    formset = LineFormSet
    fields = ("variant", "quantity")
    autocomplete_fields = ("variant",)
    extra = 3
    verbose_name = _("new line")
    verbose_name_plural = _("new lines")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        lines: QuerySet = super().get_queryset(request)
        # Rows that exist stand in the other table.
        return lines.none()

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # A table without rows, for whoever may add none, is not worth its heading.
        return self.has_add_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        may_be = obj is None or is_open(obj)
        return may_be and bool(super().has_add_permission(request, obj))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # The lines that are there and those to fill in are two tables, as this one is shown a page at a time, and rows
        # to fill in belong on every page.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
