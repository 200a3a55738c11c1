"""A seller's page, with the locations of their stock."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import TabularInline

from catalog.admin.seller import SellerAdmin
from catalog.models.seller import Seller
from inventory.models.location import StockLocation
from inventory.services.create_location import create_location
from inventory.services.update_location import update_location
from shared.admin.paged import ROWS_PER_PAGE, PagedFormSet
from shared.admin.saving import ServiceRows, Values

# The catalogue knows sellers and nothing of stock, so that what joins them stands here, above it.
admin.site.unregister(Seller)


class LocationInline(ServiceRows, TabularInline):
    model = StockLocation
    formset = PagedFormSet
    per_page = ROWS_PER_PAGE
    ordering = ("priority", "id")
    fields = ("name", "priority", "is_active")
    extra = 0
    # Levels and their ledger rest on locations: one is switched off.
    can_delete = False
    show_change_link = True

    def create_row(self, request: HttpRequest, record: Seller, values: Values) -> StockLocation:
        return create_location(seller_id=record.pk, **values)

    def change_row(self, request: HttpRequest, row: StockLocation, changes: Values) -> StockLocation:
        return update_location(location_id=row.pk, changes=changes)  # type: ignore[arg-type]


@admin.register(Seller)
class SellerWithLocationsAdmin(SellerAdmin):
    inlines = [LocationInline, *SellerAdmin.inlines]
