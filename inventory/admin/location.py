from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter

from catalog.seller_access import of_sellers_of
from inventory.models.location import StockLocation
from inventory.services.create_location import create_location
from inventory.services.update_location import update_location
from shared.admin.base import Undeletable
from shared.admin.filters import RelatedFilter
from shared.admin.saving import ServiceAdmin, Values


@admin.register(StockLocation)
class StockLocationAdmin(Undeletable, ServiceAdmin):
    """Locations are switched off, never deleted: stock levels and their ledger rest on them."""

    list_display = ("name", "seller", "priority", "is_active")
    list_select_related = ("seller",)
    list_filter = [("seller", RelatedFilter), ("is_active", BooleanRadioFilter)]
    # As stock is taken: sellers by their priority, and their locations by theirs.
    ordering = ("seller__priority", "seller_id", "priority", "id")
    search_fields = ("name",)
    search_help_text = _("The beginning of a location's or its seller's name.")
    empty_help = _("A location is a shelf, shop or warehouse of one seller.")
    autocomplete_fields = ("seller",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return of_sellers_of(request.user, super().get_queryset(request), "seller_id")

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        # Few rows, so that no index is needed for the seller's name.
        by_location = queryset.filter(name__istartswith=term)
        return by_location | queryset.filter(seller__name__istartswith=term)

    def get_readonly_fields(self, request: HttpRequest, obj: StockLocation | None = None) -> tuple[Any, ...]:
        """A location never changes hands."""
        # Its levels and their ledger say whose the goods were.
        fixed = () if obj is None else ("seller",)
        return (*super().get_readonly_fields(request, obj), *fixed)

    def create_record(self, request: HttpRequest, values: Values) -> StockLocation:
        return create_location(**values)

    def change_record(self, request: HttpRequest, row: StockLocation, changes: Values) -> StockLocation:
        return update_location(location_id=row.pk, changes=changes)  # type: ignore[arg-type]
