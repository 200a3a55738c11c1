"""Shipments: a list and a page to read, and pages that move them on."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from catalog.seller_access import of_sellers_of
from orders.admin.orders.search import orders_matching
from orders.admin.shipments.pages import deliver_page, send_page, unpack_page
from orders.admin.shipments.worklist import worklist_page
from orders.documents.drawing import packing_slip_pdf
from orders.models.shipment import Shipment, ShipmentItem
from orders.shipping.queries import shipments_in_full
from orders.states import SHIPMENT, ShipmentStatus, Trigger, next_statuses
from orders.status_colours import STATUS_COLOURS
from shared.admin.base import ReadOnlyAdmin, ReadOnlyInline
from shared.admin.display import link, moment, object_link, tag
from shared.admin.filters import KindFilter
from shared.admin.form_page import FormPage, answer
from shared.admin.pdf import as_pdf
from shared.planner.lookups import filter_by_keys

# What a button does to a shipment: shown where the table of states lets staff.
_BUTTONS = {
    "send": ShipmentStatus.SHIPPED,
    "deliver": ShipmentStatus.DELIVERED,
    "unpack": ShipmentStatus.CANCELLED,
}


class ShipmentItemInline(ReadOnlyInline):
    model = ShipmentItem
    fields = ("sku", "name", "quantity")
    readonly_fields = fields
    ordering = ("id",)
    verbose_name_plural = _("lines")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("item")

    @display(description=_("SKU"))
    def sku(self, line: ShipmentItem) -> str:
        return line.item.sku

    @display(description=_("name"))
    def name(self, line: ShipmentItem) -> str:
        return line.item.name


@admin.register(Shipment)
class ShipmentAdmin(ReadOnlyAdmin):
    list_display = ("number", "order_link", "state", "location", "carrier", "tracking", "created_at")
    list_select_related = ("order", "location__seller")
    list_filter = [("status", KindFilter)]
    ordering = ("-id",)
    search_fields = ("order",)
    search_help_text = _("An order's number, or the beginning of its customer's name or e-mail address.")
    empty_help = _("Shipments are packed on the page of a paid order and appear here.")
    fields = (
        ("number", "state"),
        ("order_link", "location"),
        ("carrier", "tracking"),
        ("packed", "shipped", "delivered"),
    )
    readonly_fields = ("state", "order_link", "tracking", "packed", "shipped", "delivered")
    inlines = [ShipmentItemInline]
    actions_detail = ("send", "deliver", "unpack", "packing_slip")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return of_sellers_of(request.user, super().get_queryset(request), "location__seller_id")

    def get_urls(self) -> list[Any]:
        # Before Django's own addresses: `<path:object_id>/` would take "worklist" for a key.
        page = self.admin_site.admin_view(partial(worklist_page, self))
        return [path("worklist/", page, name="orders_shipment_worklist"), *super().get_urls()]

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        # A shipment's own number ends with a digit, as an order's does; only if there is none such is the term about
        # orders.
        if term[-1:].isdigit() and (shipment := queryset.filter(number=term.upper())).exists():
            return shipment
        return filter_by_keys(queryset, "order", orders_matching(term))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Only what the table of states allows."""
        shipment = Shipment.objects.only("status").filter(pk=object_id).first()
        allowed = next_statuses(shipment.status, by=Trigger.STAFF, table=SHIPMENT) if shipment else []
        # The slip is printed again at any time, also of what was unpacked: somebody may hold an old one.
        shown = {"packing_slip", *(name for name, target in _BUTTONS.items() if target in allowed)}
        offered = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        return [button for button in offered if button.method.original_function_name in shown]

    @action(
        description=_("Send"),
        icon="local_shipping",
        variant=ActionVariant.PRIMARY,
        permissions=["orders.add_shipment"],
    )
    def send(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, send_page)

    @action(
        description=_("Arrived"), icon="task_alt", variant=ActionVariant.PRIMARY, permissions=["orders.add_shipment"]
    )
    def deliver(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, deliver_page)

    @action(description=_("Unpack"), icon="cancel", variant=ActionVariant.DANGER, permissions=["orders.add_shipment"])
    def unpack(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, unpack_page)

    @action(description=_("Packing slip"), icon="picture_as_pdf", permissions=["orders.view_shipment"])
    def packing_slip(self, request: HttpRequest, object_id: str) -> HttpResponse:
        found = shipments_in_full().get(pk=self.find(request, object_id).pk)
        return as_pdf(request, found, lambda: packing_slip_pdf(found), f"packing-slip-{found.number}")

    def _answer_page(
        self, request: HttpRequest, object_id: str, make_page: Callable[[HttpRequest, Shipment], FormPage]
    ) -> HttpResponse:
        return answer(self, request, make_page(request, self.find(request, object_id)))

    @display(description=_("order"))
    def order_link(self, shipment: Shipment) -> str:
        return object_link(shipment.order)

    @display(description=_("status"))
    def state(self, shipment: Shipment) -> str:
        return tag(shipment.get_status_display(), STATUS_COLOURS[shipment.status])

    @display(description=_("tracking"))
    def tracking(self, shipment: Shipment) -> str:
        number = shipment.tracking_number or "-"
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
