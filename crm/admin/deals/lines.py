"""A deal's lines on its page."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from catalog.admin.pictures import PicturedLines
from catalog.models.variant import Variant, default_currency
from crm.models.deal import Deal
from crm.models.deal_line import DealLine
from crm.services.deals.set_deal_lines import RequestedDealLine, set_deal_lines
from orders.placing.requested_lines import MAX_LINES, MAX_QUANTITY
from orders.states import OrderStatus
from shared.admin.base import actor_of
from shared.admin.conflicts.sending import sent_keys
from shared.admin.saving import ServiceRows


class LineForm(forms.ModelForm):
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=MAX_QUANTITY, initial=1)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        price = self.fields.get("unit_price")
        if price is not None:
            price.required = False
            if self.instance._state.adding:
                price.initial = None

    def clean_unit_price(self) -> Any:
        """Left empty, it is the catalogue's."""
        price, variant = self.cleaned_data.get("unit_price"), self.cleaned_data.get("variant")
        return variant.price if price is None and isinstance(variant, Variant) else price


class LineFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """All of it in the deal's currency."""
        super().clean()
        currency = (self.data.get("currency") or self.instance.currency or default_currency()).upper()
        for form in self.forms:
            variant = getattr(form, "cleaned_data", {}).get("variant")
            if variant is not None and variant.currency != currency and not form.cleaned_data.get("DELETE"):
                text = _("%(sku)s is priced in %(priced)s, the deal is in %(currency)s.")
                form.add_error("variant", text % {"sku": variant.sku, "priced": variant.currency, "currency": currency})

    def wanted(self) -> list[RequestedDealLine]:
        """What the valid forms ask for, and the lines that others added since the page was made."""
        added = DealLine.objects.filter(deal=self.instance.pk).exclude(pk__in=sent_keys(self)).order_by("id")
        theirs = [RequestedDealLine(line.variant_id, line.quantity, line.unit_price) for line in added]
        filled = [form.cleaned_data for form in self.forms if form.cleaned_data.get("variant")]
        mine = [
            RequestedDealLine(line["variant"].pk, line["quantity"], line["unit_price"])
            for line in filled
            if not line.get("DELETE")
        ]
        return [*theirs, *mine]


def is_ordered(deal: Deal | None) -> bool:
    """Whether the lines are history: an order that was not cancelled rests on them."""
    return deal is not None and deal.order is not None and deal.order.status != OrderStatus.CANCELLED


class DealLineInline(PicturedLines, ServiceRows, TabularInline):
    """Written all at once, by the service that keeps the deal's value in step."""

    model = DealLine
    form = LineForm
    formset = LineFormSet
    fields = ("picture", "variant", "quantity", "unit_price")
    autocomplete_fields = ("variant",)
    extra = 0
    max_num = MAX_LINES
    verbose_name = _("line")
    verbose_name_plural = _("Lines: what it would sell; while there are any, the value is their sum")

    def write_rows(self, request: HttpRequest, formset: Any) -> None:
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        if formset.has_changed():
            set_deal_lines(deal_id=formset.instance.pk, lines=formset.wanted(), actor=actor_of(request))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        lines: QuerySet = super().get_queryset(request)
        return lines.select_related("variant__product").order_by("id")

    def has_add_permission(self, request: HttpRequest, obj: Deal | None = None) -> bool:
        return self._may_change_lines(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Deal | None = None) -> bool:
        return self._may_change_lines(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Deal | None = None) -> bool:
        return self._may_change_lines(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Deal | None = None) -> bool:
        return request.user.has_perm("crm.view_deal") or self._may_change_lines(request, obj)

    def _may_change_lines(self, request: HttpRequest, deal: Deal | None) -> bool:
        """Lines belong to the deal: who may change it may change them, until they were ordered."""
        verb = "change" if deal is not None else "add"
        return request.user.has_perm(f"crm.{verb}_deal") and not is_ordered(deal)
