"""Price lists and taxes."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.decorators import display

from catalog.admin.forms import AmountsForm, add_faults
from catalog.models.price_list import Price, PriceList
from catalog.models.tax import TaxRate, TaxRegion
from shared.admin.base import KontorAdmin, Undeletable
from shared.admin.forms import RowForm, show_loaded
from shared.admin.paged import ROWS_PER_PAGE, PagedFormSet
from shared.errors import InvalidInput
from shared.money.amounts import round_money
from shared.money.checks import check_amounts


class PriceFormSet(PagedFormSet):
    def clean(self) -> None:
        """Prices are whole minor units of the list's currency."""
        super().clean()
        currency = str(self.data.get("currency") or self.instance.currency).upper()
        for form in self.forms:
            amount = getattr(form, "cleaned_data", {}).get("amount")
            try:
                check_amounts({"/amount": amount}, currency)
            except InvalidInput as refusal:
                add_faults(form, refusal)


class PriceForm(RowForm):
    class Meta:
        model = Price
        fields = ("variant", "min_quantity", "amount")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The price in the currency's digits, not in the column's."""
        super().__init__(*args, **kwargs)
        show_loaded(self, "variant")
        if not self.instance._state.adding:
            self.initial["amount"] = round_money(self.instance.amount, self.instance.price_list.currency)


class PriceInline(TabularInline):
    model = Price
    form = PriceForm
    formset = PriceFormSet
    fields = ("variant", "min_quantity", "amount")
    autocomplete_fields = ("variant",)
    extra = 0
    per_page = ROWS_PER_PAGE
    hide_title = True
    verbose_name_plural = _("prices")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        prices: QuerySet = super().get_queryset(request)
        return prices.select_related("variant__product", "price_list").order_by("variant__sku", "min_quantity")


class PriceListForm(AmountsForm):
    class Meta:
        model = PriceList
        fields = ("name", "currency", "customer_group", "valid_from", "valid_until", "is_active")


@admin.register(PriceList)
class PriceListAdmin(Undeletable, KontorAdmin):
    """Price lists are switched off, not deleted: orders say which one their prices came from."""

    form = PriceListForm
    list_display = ("name", "currency", "customer_group", "price_count", "valid_from", "valid_until", "is_active")
    list_select_related = ("customer_group",)
    list_filter = [("is_active", BooleanRadioFilter)]
    sortable_by = ("name",)
    search_fields = ("name",)
    search_help_text = _("The beginning of a price list's name.")
    empty_help = _("A price list has prices that differ from the catalogue's: for a group, a season, or a quantity.")
    autocomplete_fields = ("customer_group",)
    inlines = [PriceInline]
    fieldsets = (
        (
            None,
            {"fields": (("name", "currency"), "customer_group", "valid_from", "valid_until", "is_active")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        lists: QuerySet = super().get_queryset(request)
        counted: QuerySet = lists.annotate(price_total=Count("prices"))
        return counted

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(name__istartswith=term)

    @display(description=_("prices"))
    def price_count(self, price_list: Any) -> int:
        return int(price_list.price_total)


class TaxRateInline(TabularInline):
    model = TaxRate
    form = RowForm
    fields = ("tax_class", "name", "rate")
    extra = 0
    max_num = 3
    hide_title = True


class TaxRegionForm(forms.ModelForm):
    class Meta:
        model = TaxRegion
        fields = ("country", "name", "prices_include_tax")

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).strip().upper()


@admin.register(TaxRegion)
class TaxRegionAdmin(KontorAdmin):
    form = TaxRegionForm
    list_display = ("country", "name", "rate_list", "prices_include_tax")
    sortable_by = ("country",)
    search_fields = ("name", "country")
    search_help_text = _("The beginning of a country's name or code.")
    empty_help = _("Without tax regions every variant is taxed by its own rate.")
    inlines = [TaxRateInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        regions: QuerySet = super().get_queryset(request)
        return regions.prefetch_related("rates")

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(name__istartswith=term) | queryset.filter(country__iexact=term)

    @display(description=_("rates"))
    def rate_list(self, region: TaxRegion) -> str:
        return ", ".join(rate.name for rate in region.rates.all())
