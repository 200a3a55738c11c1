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
from catalog.services.create_seller import create_seller
from catalog.services.save_seller_member import add_seller_member, remove_seller_member, replace_seller_member
from catalog.services.update_seller import update_seller
from shared.admin.base import Undeletable
from shared.admin.saving import ServiceAdmin, ServiceRows, Values


class MemberInline(ServiceRows, TabularInline):
    """Colleagues whose role reaches the orders and stock of their own sellers alone."""

    model = SellerMember
    fields = ("user",)
    autocomplete_fields = ("user",)
    extra = 0

    def create_row(self, request: HttpRequest, record: Seller, values: Values) -> SellerMember:
        return add_seller_member(seller_id=record.pk, **values)

    def change_row(self, request: HttpRequest, row: SellerMember, changes: Values) -> SellerMember:
        return replace_seller_member(member_id=row.pk, **changes)

    def delete_row(self, request: HttpRequest, row: SellerMember) -> None:
        remove_seller_member(member_id=row.pk)


@admin.register(Seller)
class SellerAdmin(Undeletable, ServiceAdmin):
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

    def create_record(self, request: HttpRequest, values: Values) -> Seller:
        """Its locations may stand in the form: what is missing then is made when they are there."""
        return create_seller(**values, set_up=False)

    def change_record(self, request: HttpRequest, row: Seller, changes: Values) -> Seller:
        return update_seller(seller_id=row.pk, changes=changes)  # type: ignore[arg-type]

    def finish_record(self, request: HttpRequest, form: Any) -> None:
        set_up_seller(form.instance)

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(name__istartswith=term)
