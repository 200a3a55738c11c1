"""Units that were sold before they were there, to read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from catalog.seller_access import of_sellers_of
from orders.models.backorder import Backorder, BackorderStatus
from shared.admin.base import ReadOnlyAdmin
from shared.admin.display import object_link, tag
from shared.admin.filters import KindFilter

_COLOURS = {
    BackorderStatus.WAITING.value: "warning",
    BackorderStatus.FILLED.value: "success",
    BackorderStatus.CANCELLED.value: "default",
}


@admin.register(Backorder)
class BackorderAdmin(ReadOnlyAdmin):
    list_display = ("order_link", "sku", "seller", "quantity", "filled_quantity", "state", "created_at")
    list_display_links = ("sku",)
    list_select_related = ("item__order", "seller")
    list_filter = [("status", KindFilter)]
    ordering = ("-id",)
    # There is no search box: a backorder is found from its order, and the waiting ones by the filter.
    empty_help = _("Units ordered beyond the stock, within their variant's backorder limit, wait here for goods.")
    fields = (("order_link", "sku", "seller"), ("quantity", "filled_quantity", "state"), ("created_at", "updated_at"))
    readonly_fields = ("order_link", "sku", "state")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return of_sellers_of(request.user, super().get_queryset(request), "seller_id")

    @display(description=_("order"))
    def order_link(self, backorder: Backorder) -> str:
        return object_link(backorder.item.order)

    @display(description=_("SKU"))
    def sku(self, backorder: Backorder) -> str:
        return backorder.item.sku

    @display(description=_("status"))
    def state(self, backorder: Backorder) -> str:
        return tag(backorder.get_status_display(), _COLOURS[backorder.status])
