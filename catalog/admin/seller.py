from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import BooleanRadioFilter

from catalog.admin.forms import SlugForm
from catalog.models.seller import Seller
from catalog.models.seller_member import SellerMember
from catalog.models.stock_location import StockLocation
from catalog.services.ensure_defaults import ensure_location
from shared.admin.base import KontorAdmin, Undeletable
from shared.admin.paged import ROWS_PER_PAGE, PagedFormSet


class LocationInline(TabularInline):
    model = StockLocation
    formset = PagedFormSet
    per_page = ROWS_PER_PAGE
    ordering = ("priority", "id")
    fields = ("name", "priority", "is_active")
    extra = 0
    can_delete = False
    show_change_link = True


class MemberInline(TabularInline):
    """Colleagues whose role reaches the orders and stock of their own sellers alone."""

    model = SellerMember
    fields = ("user",)
    autocomplete_fields = ("user",)
    extra = 0


@admin.register(Seller)
class SellerAdmin(Undeletable, KontorAdmin):
    """Sellers are switched off, never deleted: order lines name them."""

    form = SlugForm
    list_display = ("name", "is_default", "priority", "is_active")
    list_filter = [("is_active", BooleanRadioFilter)]
    ordering = ("priority", "id")
    search_fields = ("name",)
    search_help_text = _("The beginning of a seller's name.")
    empty_help = _("A seller owns stock. One exists from the start; add others for a marketplace.")
    prepopulated_fields = {"slug": ("name",)}
    inlines = [LocationInline, MemberInline]
    fieldsets = ((None, {"fields": (("name", "slug"), "priority", "is_default", "is_active")}),)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Every seller has somewhere to keep stock."""
        super().save_related(request, form, formsets, change)
        ensure_location(seller=form.instance)

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(name__istartswith=term)
