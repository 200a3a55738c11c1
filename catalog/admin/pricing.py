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

from catalog.admin.forms import AmountsForm
from catalog.models.price_list import Price, PriceList
from catalog.models.tax import TaxRate, TaxRegion
from catalog.services.save_price import delete_price, save_price
from catalog.services.save_price_list import save_price_list
from catalog.services.save_tax_rate import delete_tax_rate, delete_tax_region, save_tax_rate
from catalog.services.save_tax_region import save_tax_region
from shared.admin.base import Undeletable
from shared.admin.forms import RowForm, show_loaded
from shared.admin.moments import DayOrMomentField
from shared.admin.paged import ROWS_PER_PAGE, PagedFormSet
from shared.admin.saving import ServiceAdmin, ServiceRows, Values
from shared.money.amounts import round_money


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


class PriceInline(ServiceRows, TabularInline):
    model = Price
    form = PriceForm
    formset = PagedFormSet
    fields = ("variant", "min_quantity", "amount")
    autocomplete_fields = ("variant",)
    extra = 0
    per_page = ROWS_PER_PAGE
    hide_title = True
    verbose_name_plural = _("prices")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        prices: QuerySet = super().get_queryset(request)
        return prices.select_related("variant__product", "price_list").order_by("variant__sku", "min_quantity")

    def create_row(self, request: HttpRequest, record: PriceList, values: Values) -> Price:
        return save_price(price_list_id=record.pk, price_id=None, values=values, currency=record.currency)

    def change_row(self, request: HttpRequest, row: Price, changes: Values) -> Price:
        currency = row.price_list.currency
        return save_price(price_list_id=row.price_list_id, price_id=row.pk, values=changes, currency=currency)

    def delete_row(self, request: HttpRequest, row: Price) -> None:
        delete_price(price_id=row.pk)


class PriceListForm(AmountsForm):
    valid_from = DayOrMomentField(label=_("Valid from"), help_text=_("A day, and a time of it if need be."))
    valid_until = DayOrMomentField(
        label=_("Valid until"), is_end=True, help_text=_("The last day; with a time, the end.")
    )

    class Meta:
        model = PriceList
        fields = ("name", "currency", "customer_group", "valid_from", "valid_until", "is_active")


@admin.register(PriceList)
class PriceListAdmin(Undeletable, ServiceAdmin):
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

    def create_record(self, request: HttpRequest, values: Values) -> PriceList:
        return save_price_list(price_list_id=None, values=values)

    def change_record(self, request: HttpRequest, row: PriceList, changes: Values) -> object:
        """Another currency waits for the prices that the form brings in it."""
        kept = {name: value for name, value in changes.items() if name != "currency"}
        return save_price_list(price_list_id=row.pk, values=kept) if kept else None

    def finish_record(self, request: HttpRequest, form: Any) -> None:
        if "currency" in form.changed_data:
            save_price_list(price_list_id=form.instance.pk, values={"currency": form.instance.currency})

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(name__istartswith=term)

    @display(description=_("prices"))
    def price_count(self, price_list: Any) -> int:
        return int(price_list.price_total)


class TaxRateInline(ServiceRows, TabularInline):
    model = TaxRate
    form = RowForm
    fields = ("tax_class", "name", "rate")
    extra = 0
    max_num = 3
    hide_title = True

    def create_row(self, request: HttpRequest, record: TaxRegion, values: Values) -> TaxRate:
        return save_tax_rate(region_id=record.pk, rate_id=None, values=values)

    def change_row(self, request: HttpRequest, row: TaxRate, changes: Values) -> TaxRate:
        return save_tax_rate(region_id=row.region_id, rate_id=row.pk, values=changes)

    def delete_row(self, request: HttpRequest, row: TaxRate) -> None:
        delete_tax_rate(rate_id=row.pk)


class TaxRegionForm(forms.ModelForm):
    class Meta:
        model = TaxRegion
        fields = ("country", "name", "prices_include_tax")

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).strip().upper()


@admin.register(TaxRegion)
class TaxRegionAdmin(ServiceAdmin):
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

    def create_record(self, request: HttpRequest, values: Values) -> TaxRegion:
        return save_tax_region(region_id=None, values=values)

    def change_record(self, request: HttpRequest, row: TaxRegion, changes: Values) -> TaxRegion:
        return save_tax_region(region_id=row.pk, values=changes)

    def delete_record(self, request: HttpRequest, row: TaxRegion) -> None:
        delete_tax_region(region_id=row.pk)

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(name__istartswith=term) | queryset.filter(country__iexact=term)

    @display(description=_("rates"))
    def rate_list(self, region: TaxRegion) -> str:
        return ", ".join(rate.name for rate in region.rates.all())
