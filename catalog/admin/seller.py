from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import BooleanRadioFilter

from catalog.admin.forms import SlugForm
from catalog.extension_points import set_up_seller
from catalog.models.seller import Seller
from catalog.models.seller_member import SellerMember
from shared.admin.base import KontorAdmin, Undeletable


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
    inlines = [MemberInline]
    fieldsets = ((None, {"fields": (("name", "slug"), "priority", "is_default", "is_active")}),)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Every seller has what a new one gets: see set_up_seller."""
        super().save_related(request, form, formsets, change)
        set_up_seller(form.instance)

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(name__istartswith=term)
