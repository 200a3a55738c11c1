"""What belongs to an order, on the order's page."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from catalog.seller_reach import of_sellers_of
from orders.models.order_event import OrderEvent
from orders.models.order_item import OrderItem
from orders.models.payment import Payment
from orders.models.reservation import Reservation
from orders.status_colours import STATUS_COLOURS
from shared.admin.base import ReadOnlyInline
from shared.admin.display import money, number, tag
from shared.reasons import shown_reason


class ItemInline(ReadOnlyInline):
    model = OrderItem
    fields = ("sku", "name", "seller", "quantity", "unit", "line_total", "holds")
    readonly_fields = fields
    ordering = ("position",)
    verbose_name_plural = _("items")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        items = of_sellers_of(request.user, super().get_queryset(request), "seller_id")
        return items.select_related("order", "seller").prefetch_related("reservations__level__location__seller")

    @display(description=_("net price"))
    def unit(self, item: OrderItem) -> str:
        return money(item.unit_price, item.order.currency)

    @display(description=_("net total"))
    def line_total(self, item: OrderItem) -> str:
        return money(item.total_price, item.order.currency)

    @display(description=_("reservations"))
    def holds(self, item: OrderItem) -> str:
        return "\n".join(_hold(reservation) for reservation in item.reservations.all()) or "-"


def _hold(reservation: Reservation) -> str:
    state = reservation.get_status_display().lower()
    return gettext("%(quantity)s at %(location)s: %(state)s") % {
        "quantity": number(reservation.quantity),
        "location": reservation.level.location,
        "state": state,
    }


class PaymentInline(ReadOnlyInline):
    model = Payment
    fields = ("created_at", "received", "reference", "state", "actor")
    readonly_fields = fields
    ordering = ("id",)
    verbose_name_plural = _("payments")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("actor")

    @display(description=_("amount"))
    def received(self, payment: Payment) -> str:
        return money(payment.amount, payment.currency)

    @display(description=_("status"))
    def state(self, payment: Payment) -> str:
        return tag(payment.get_status_display(), STATUS_COLOURS[payment.status])


class EventInline(ReadOnlyInline):
    model = OrderEvent
    fields = ("created_at", "kind", "from_status", "to_status", "why", "actor")
    readonly_fields = fields
    ordering = ("created_at", "id")
    verbose_name_plural = _("events")

    @display(description=_("reason"))
    def why(self, event: OrderEvent) -> str:
        return shown_reason(event.reason)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("actor")
