"""Drafts and quotes: written here, sent, printed, and made an order."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from catalog.admin.pictures import PicturedLines
from orders.admin.drafts.pages import decline_page, order_page, send_page
from orders.admin.drafts.shown_terms import shown_terms
from orders.documents.quote import quote_pdf
from orders.drafts.locking import lock_draft
from orders.drafts.queries import drafts_in_full
from orders.drafts.rules import PENDING, check_pending
from orders.drafts.worth import worth_of
from orders.models.draft import Draft, DraftLine, DraftStatus
from orders.placing.requested_lines import MAX_LINES, MAX_QUANTITY
from orders.services.drafts.check_agreed_prices import AGREE_PRICES
from orders.services.drafts.write_draft import DraftedLine, add_draft, change_draft, change_draft_lines
from shared.admin.base import Undeletable, actor_of
from shared.admin.display import NOTHING, money, object_link, tag
from shared.admin.filters import KindFilter, RelatedFilter
from shared.admin.form_page import FormPage, answer
from shared.admin.forms import RowForm, show_loaded
from shared.admin.pdf import as_pdf
from shared.admin.saving import ServiceAdmin, ServiceRows, Values
from shared.errors import Refusal
from shared.money.amounts import round_money

_COLOURS: dict[str, str] = {
    DraftStatus.OPEN: "info",
    DraftStatus.SENT: "warning",
    DraftStatus.ORDERED: "success",
    DraftStatus.DECLINED: "default",
    DraftStatus.EXPIRED: "default",
}


# The admin asks its has_..._permission without a row, too, for lists and menus: hence a row that may be missing.
def is_pending(draft: Model | None) -> bool:
    return isinstance(draft, Draft) and draft.status in PENDING


class DraftForm(forms.ModelForm):
    """`version` is the draft's as the page showed it."""

    class Meta:
        model = Draft
        fields = ("kind", "customer", "currency", "valid_until", "note", "version")
        # Sent along hidden, so that two colleagues in one draft meet in `clean` and not by the later one's overwriting.
        widgets = {"version": forms.HiddenInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        show_loaded(self, "customer")

    def clean(self) -> dict[str, Any]:
        """Locks the draft until the request has saved it: nobody orders what is being changed."""
        values: dict[str, Any] = super().clean() or {}
        # Here and not in the service, which is called when the lines have been validated already: they would be
        # validated against a draft that may be ordered meanwhile.
        if not self.instance._state.adding:
            try:
                check_pending(lock_draft(self.instance.pk, values.get("version")))
            except Refusal as refusal:
                raise forms.ValidationError(refusal.detail) from refusal
        return values

    def clean_currency(self) -> str:
        # Prices are looked up by the code as it is kept, which is in capitals.
        return str(self.cleaned_data["currency"]).upper()


class DraftLineForm(RowForm):
    quantity = forms.IntegerField(
        label=_("Quantity"),
        min_value=1,
        max_value=MAX_QUANTITY,
        initial=1,
        widget=UnfoldAdminIntegerFieldWidget(),
    )

    class Meta:
        model = DraftLine
        fields = ("variant", "seller", "quantity", "agreed_price")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        show_loaded(self, "variant", "seller")
        price = self.instance.agreed_price
        if price is not None and not self.instance._state.adding:
            self.initial["agreed_price"] = round_money(price, self.instance.draft.currency)


def _line(row: DraftLine) -> DraftedLine:
    return DraftedLine(row.variant_id, row.quantity, row.seller_id, row.agreed_price)


class DraftLineInline(PicturedLines, ServiceRows, TabularInline):
    model = DraftLine
    form = DraftLineForm
    fields = ("picture", "variant", "seller", "quantity", "agreed_price")
    autocomplete_fields = ("variant", "seller")
    extra = 0
    # As many as placing takes: a draft that could never be ordered would be a promise that nobody can keep.
    max_num = MAX_LINES
    hide_title = True
    verbose_name = _("line")
    verbose_name_plural = _("lines")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # By id: that is the order in which lines were added, and the order's positions follow it.
        lines: QuerySet = super().get_queryset(request)
        return lines.select_related("variant__product", "seller", "draft").order_by("id")

    def get_extra(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> int:
        """A new draft begins with one to fill in; to lines that are there others are added by the link below them."""
        return 1 if obj is None else self.extra

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Who may not agree prices sees them."""
        fixed = () if request.user.has_perm(AGREE_PRICES) else ("agreed_price",)
        return (*super().get_readonly_fields(request, obj), *fixed)

    def write_rows(self, request: HttpRequest, formset: Any) -> None:
        """In one call, where one of them changed."""
        # By identity: rows that were just filled in have no key that tells them apart from others.
        new = {id(row) for row in formset.new_objects}
        rows = [form.instance for form in formset.saved_forms]
        added = [_line(row) for row in rows if id(row) in new]
        changed = {row.pk: _line(row) for row in rows if id(row) not in new}
        deleted = [row.pk for row in formset.deleted_objects]
        if added or changed or deleted:
            change_draft_lines(draft_id=formset.instance.pk, added=added, changed=changed, deleted=deleted)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return (obj is None or is_pending(obj)) and bool(super().has_add_permission(request, obj))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return (obj is None or is_pending(obj)) and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return (obj is None or is_pending(obj)) and bool(super().has_delete_permission(request, obj))


@admin.register(Draft)
class DraftAdmin(Undeletable, ServiceAdmin):
    form = DraftForm
    inlines = [DraftLineInline]
    list_display = ("number", "kind", "state", "customer", "valid_until", "order_link", "owner", "created_at")
    opens_with = "status__exact=open"
    list_filter = [("status", KindFilter), ("kind", KindFilter), ("customer", RelatedFilter)]
    ordering = ("-id",)
    empty_help = _("Write a quote for a customer: it holds no stock, and becomes an order with one press.")
    autocomplete_fields = ("customer",)
    readonly_fields: ClassVar[Any] = ("number", "state", "worth", "terms", "order_link", "owner", "created_at")
    actions_detail = ("make_order", "send", "pdf", "decline")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        drafts: QuerySet = super().get_queryset(request)
        return drafts.select_related("customer", "order", "owner")

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        what = ("kind", "customer", ("currency", "valid_until"), "note")
        if obj is None:
            return ((None, {"fields": what}),)
        # Who may only look gets no form, and a hidden field would be shown to them as a plain number.
        hidden = ("version",) if self.has_change_permission(request, obj) else ()
        facts = {"fields": (("number", "state"), ("worth", "order_link"), ("owner", "created_at"), "terms")}
        return ((None, facts), (_("What it is about"), {"fields": (*what, *hidden)}))

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Its number says what kind it is, and agreed prices are in its currency."""
        fixed = () if obj is None else ("kind", "currency")
        return (*self.readonly_fields, *fixed)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return (obj is None or is_pending(obj)) and bool(super().has_change_permission(request, obj))

    def create_record(self, request: HttpRequest, values: Values) -> Draft:
        return add_draft(**values, actor=actor_of(request))

    def change_record(self, request: HttpRequest, row: Draft, changes: Values) -> None:
        change_draft(draft_id=row.pk, **changes)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """What is decided is only looked at and printed."""
        # Asked before the page looks its row up, and again when a button is pressed: a page open for an hour offers
        # what was possible then, so the service refuses for itself.
        draft = Draft.objects.only("status").filter(pk=object_id).first()
        offered = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        shown = {"pdf", "make_order", "send", "decline"} if is_pending(draft) else {"pdf"}
        return [action for action in offered if action.method.original_function_name in shown]

    @action(
        description=_("Make it an order"),
        icon="add_shopping_cart",
        variant=ActionVariant.PRIMARY,
        permissions=["orders.add_order"],
    )
    def make_order(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, order_page)

    @action(description=_("Mark as sent"), icon="send", permissions=["orders.change_draft"])
    def send(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, send_page)

    @action(description=_("Print"), icon="picture_as_pdf", permissions=["orders.view_draft"])
    def pdf(self, request: HttpRequest, object_id: str) -> HttpResponse:
        # Found twice on purpose: `find` knows which drafts this colleague may see, and the print needs all that hangs
        # on it.
        draft = drafts_in_full().get(pk=self.find(request, object_id).pk)
        return as_pdf(request, draft, lambda: quote_pdf(draft), draft.number)

    @action(description=_("Decline"), icon="block", variant=ActionVariant.DANGER, permissions=["orders.change_draft"])
    def decline(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, decline_page)

    def _answer_page(
        self, request: HttpRequest, object_id: str, make_page: Callable[[HttpRequest, Draft], FormPage]
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return answer(self, request, make_page(request, self.find(request, object_id)))

    @display(description=_("status"))
    def state(self, draft: Draft) -> str:
        return tag(draft.get_status_display(), _COLOURS[draft.status])

    @display(description=_("comes to"))
    def worth(self, draft: Draft) -> str:
        """If it were ordered now."""
        return _looked_at(draft)[0]

    @display(description=_("terms"))
    def terms(self, draft: Draft) -> str:
        return _looked_at(draft)[1]

    @display(description=_("order"))
    def order_link(self, draft: Draft) -> str:
        return object_link(draft.order) if draft.order else NOTHING


def _looked_at(draft: Draft) -> tuple[str, str]:
    """What it comes to, and on what terms: read once, as a template asks for a read-only field five times."""
    if not hasattr(draft, "looked_at"):
        lines = list(draft.lines.select_related("variant").order_by("id"))
        found = worth_of(draft, lines)
        total = money(found.amounts.total, draft.currency) if found.amounts else NOTHING
        draft.looked_at = (total, shown_terms(draft, lines, found))  # type: ignore[attr-defined]
    return draft.looked_at  # type: ignore[attr-defined,no-any-return]
