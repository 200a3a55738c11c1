"""A seller's page, with the locations of their stock."""

from django.contrib import admin
from unfold.admin import TabularInline

from catalog.admin.seller import SellerAdmin
from catalog.models.seller import Seller
from inventory.models.location import StockLocation
from shared.admin.paged import ROWS_PER_PAGE, PagedFormSet

admin.site.unregister(Seller)


class LocationInline(TabularInline):
    model = StockLocation
    formset = PagedFormSet
    per_page = ROWS_PER_PAGE
    ordering = ("priority", "id")
    fields = ("name", "priority", "is_active")
    extra = 0
    can_delete = False
    show_change_link = True


@admin.register(Seller)
class SellerWithLocationsAdmin(SellerAdmin):
    inlines = [LocationInline, *SellerAdmin.inlines]
