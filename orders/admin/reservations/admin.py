"""Stock held for orders, to read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import display

from orders.admin.orders.search import orders_matching
from orders.models.reservation import Reservation
from orders.states import ReservationStatus
from orders.status_colours import STATUS_COLOURS
from shared.admin.base import ReadOnlyAdmin
from shared.admin.display import countdown, object_link, tag
from shared.planner.lookups import InlineWord, filter_by_keys


class HeldFilter(RadioFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("active", gettext("Held now"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        # The only status with an index behind it; the others are the bulk of the table.
        return queryset.filter(status=InlineWord(ReservationStatus.ACTIVE)) if self.value() == "active" else queryset


@admin.register(Reservation)
class ReservationAdmin(ReadOnlyAdmin):
    list_display = ("order_link", "sku", "location", "quantity", "state", "deadline", "created_at")
    list_display_links = ("sku",)
    list_select_related = ("item__order", "level__location__seller")
    opens_with = "state=active"
    list_filter = [HeldFilter]
    ordering = ("-id",)
    search_fields = ("item",)
    search_help_text = _("An order's number, or the beginning of its customer's name or e-mail address.")
    empty_help = _("Placing an order holds stock; what it holds appears here.")
    fields = (("item", "level"), ("quantity", "state"), ("deadline", "created_at", "updated_at"))
    readonly_fields = ("state", "deadline")

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return filter_by_keys(queryset, "item__order", orders_matching(term))

    @display(description=_("order"))
    def order_link(self, reservation: Reservation) -> str:
        return object_link(reservation.item.order)

    @display(description=_("SKU"))
    def sku(self, reservation: Reservation) -> str:
        return reservation.item.sku

    @display(description=_("location"))
    def location(self, reservation: Reservation) -> str:
        return str(reservation.level.location)

    @display(description=_("status"))
    def state(self, reservation: Reservation) -> str:
        return tag(reservation.get_status_display(), STATUS_COLOURS[reservation.status])

    @display(description=_("held until"))
    def deadline(self, reservation: Reservation) -> str:
        return countdown(reservation.expires_at) if reservation.status == ReservationStatus.ACTIVE else "-"
