"""Stock held for an order item."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.level import StockLevel
from orders.models.order_item import OrderItem
from orders.states import ReservationStatus
from shared.models.base import BaseModel


class Reservation(BaseModel):
    """`quantity` units of one stock level held for one item; an item may hold stock at several levels."""

    item = models.ForeignKey(OrderItem, on_delete=models.CASCADE, related_name="reservations", verbose_name=_("item"))
    level = models.ForeignKey(
        StockLevel, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("level")
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    status = models.CharField(
        _("status"), max_length=10, choices=ReservationStatus.choices, default=ReservationStatus.ACTIVE
    )
    expires_at = models.DateTimeField(
        _("expires at"), null=True, blank=True, help_text=_("The order's payment deadline.")
    )
    created_at = models.DateTimeField(_("created at"), editable=False)
    updated_at = models.DateTimeField(_("updated at"), editable=False)

    class Meta:
        db_table = "orders_reservation"
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        ordering = ["-id"]
        indexes = [
            # serves: who holds a level, and which holds of it are overdue
            models.Index(fields=["level", "expires_at"], condition=Q(status="active"), name="reservation_active_level"),
        ]
        constraints = [
            # More units of a line at a level go into the hold that is there (hold_units): a deadline is kept in one
            # place.
            models.UniqueConstraint(
                fields=["item", "level"],
                condition=Q(status="active"),
                name="one_active_hold_per_item_and_level",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="reservation_quantity_positive"),
            models.CheckConstraint(condition=Q(status__in=ReservationStatus.values), name="reservation_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.get_status_display().lower()}"
