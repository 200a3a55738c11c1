"""On the page of an order: its shipments, and the buttons that pack one and issue the invoice."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from catalog.seller_access import of_sellers_of
from orders.admin.invoices.admin import invoice_page
from orders.admin.shipments.pages import pack_page
from orders.models.order import Order
from orders.models.shipment import Shipment
from orders.states import IN_PROGRESS, MONEY_IS_HERE, OrderStatus, Trigger, next_statuses
from orders.status_colours import STATUS_COLOURS
from shared.admin.base import RecordTable
from shared.admin.display import NOTHING, link, moment, object_link, tag
from shared.admin.form_page import answer

if TYPE_CHECKING:  # stands before ReadOnlyAdmin among an admin's bases
    from shared.admin.base import ReadOnlyAdmin
else:
    ReadOnlyAdmin = object

SHIPPING_BUTTONS = ("pack", "invoice")


class ShippingButtons(ReadOnlyAdmin):
    @action(
        description=_("Pack a shipment"),
        icon="package_2",
        variant=ActionVariant.PRIMARY,
        permissions=["orders.add_shipment"],
    )
    def pack(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return answer(self, request, pack_page(request, self.find(request, object_id)))

    @action(description=_("Invoice"), icon="receipt", permissions=["orders.add_invoice"])
    def invoice(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return answer(self, request, invoice_page(request, self.find(request, object_id)))


def possible_shipping(order: Order) -> set[str]:
    """Buttons that would not be refused. A split order is packed by its sub-orders and invoiced as a whole."""
    possible = set()
    # Goods leave against money. Who may let them leave without ticks a box on the page.
    can_leave = order.status != OrderStatus.PENDING and order.payment_status in MONEY_IS_HERE
    goes_on = order.status in IN_PROGRESS or next_statuses(order.status, by=Trigger.SHIPMENT)
    if can_leave and goes_on and order.status != OrderStatus.SHIPPED and not order.sub_orders.exists():
        possible.add("pack")
    # The buyer bought one thing and gets one invoice, however many sellers send it.
    if order.payment_status in MONEY_IS_HERE and order.parent_id is None:
        possible.add("invoice")
    return possible


class ShipmentInline(RecordTable):
    model = Shipment
    fields = ("shipment", "state", "location", "carrier", "tracking", "packed", "shipped", "delivered")
    readonly_fields = fields
    ordering = ("id",)
    verbose_name_plural = _("shipments")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = of_sellers_of(request.user, super().get_queryset(request), "location__seller_id")
        return rows.select_related("location__seller")

    @display(description=_("number"))
    def shipment(self, shipment: Shipment) -> str:
        return object_link(shipment)

    @display(description=_("status"))
    def state(self, shipment: Shipment) -> str:
        return tag(shipment.get_status_display(), STATUS_COLOURS[shipment.status])

    @display(description=_("tracking"))
    def tracking(self, shipment: Shipment) -> str:
        number = shipment.tracking_number or NOTHING
        return link(number, shipment.tracking_url) if shipment.tracking_url else number

    @display(description=_("packed at"))
    def packed(self, shipment: Shipment) -> str:
        return moment(shipment.created_at)

    @display(description=_("shipped at"))
    def shipped(self, shipment: Shipment) -> str:
        return moment(shipment.shipped_at)

    @display(description=_("delivered at"))
    def delivered(self, shipment: Shipment) -> str:
        return moment(shipment.delivered_at)
