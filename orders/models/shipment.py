"""A shipment: lines of one order, or parts of them, from one seller's location."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.location import StockLocation
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.states import HAS_LEFT, ShipmentStatus
from shared.models.base import BaseModel


class Shipment(BaseModel):
    """Changed only under its order's lock; `version` grows by one with every change."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="shipments", verbose_name=_("order"))
    number = models.CharField(_("number"), max_length=40, editable=False, help_text=_("The order's number, -S, 1, 2 …"))
    location = models.ForeignKey(
        StockLocation,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("location"),
        help_text=_("Where it is packed."),
    )
    status = models.CharField(_("status"), max_length=10, choices=ShipmentStatus.choices, default=ShipmentStatus.READY)
    carrier = models.CharField(_("carrier"), max_length=80, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=120, blank=True)
    tracking_url = models.URLField(_("tracking page"), blank=True, max_length=500)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("actor"),
    )
    created_at = models.DateTimeField(_("packed at"), editable=False)
    shipped_at = models.DateTimeField(_("shipped at"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        db_table = "orders_shipment"
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        ordering = ["-id"]
        indexes = [
            # serves: what is packed and waits, what is on its way, newest first
            models.Index(fields=["status", "-id"], name="shipment_status"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="shipment_number_unique"),
            models.CheckConstraint(condition=Q(status__in=ShipmentStatus.values), name="shipment_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=["READY", "CANCELLED"], shipped_at__isnull=True)
                | Q(status__in=[*HAS_LEFT], shipped_at__isnull=False),
                name="shipment_says_when_it_left",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ShipmentItem(BaseModel):
    """`quantity` units of one order line in one shipment."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="items", db_index=False)
    item = models.ForeignKey(OrderItem, on_delete=models.PROTECT, related_name="shipped_in", verbose_name=_("line"))
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        db_table = "orders_shipment_item"
        verbose_name = _("line of a shipment")
        verbose_name_plural = _("lines of shipments")
        ordering = ["id"]
        constraints = [
            # Its index also serves: a shipment's lines.
            models.UniqueConstraint(fields=["shipment", "item"], name="item_once_in_a_shipment"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="shipment_item_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.item_id}"
