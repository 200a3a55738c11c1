"""Units of an order's line that were sold before they were in stock."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models.seller import Seller
from catalog.models.variant import Variant
from orders.models.order_item import OrderItem
from shared.models.base import BaseModel


class BackorderStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    FILLED = "filled", _("Filled")
    CANCELLED = "cancelled", _("Cancelled")


class Backorder(BaseModel):
    """`quantity` units that wait for goods at any of the seller's locations; `filled_quantity` of them have come and
    are the line's reservations since. Changed only under the order's lock, with the variant's counter."""

    item = models.ForeignKey(OrderItem, on_delete=models.CASCADE, related_name="backorders", verbose_name=_("item"))
    variant = models.ForeignKey(
        Variant, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("variant")
    )
    seller = models.ForeignKey(
        Seller, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("seller")
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    filled_quantity = models.PositiveIntegerField(_("filled"), default=0)
    status = models.CharField(
        _("status"), max_length=9, choices=BackorderStatus.choices, default=BackorderStatus.WAITING
    )
    # The place in the queue: whoever ordered first is served first, whatever changed since.
    created_at = models.DateTimeField(_("created at"), editable=False)
    updated_at = models.DateTimeField(_("updated at"), editable=False)

    class Meta:
        db_table = "orders_backorder"
        verbose_name = _("backorder")
        verbose_name_plural = _("backorders")
        ordering = ["-id"]
        indexes = [
            # serves: who waits for a variant, the first to have come in front
            models.Index(fields=["variant", "created_at", "id"], condition=Q(status="waiting"), name="backorder_queue"),
            # serves: backorders by status newest first
            models.Index(fields=["status", "-id"], name="backorder_status"),
        ]
        constraints = [
            # Its index also serves: what a line still waits for.
            models.UniqueConstraint(
                fields=["item"], condition=Q(status="waiting"), name="one_waiting_backorder_per_item"
            ),
            models.CheckConstraint(condition=Q(status__in=BackorderStatus.values), name="backorder_status_known"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1)
                & (
                    Q(status="waiting", filled_quantity__lt=F("quantity"))
                    | Q(status="filled", filled_quantity=F("quantity"))
                    | Q(status="cancelled", filled_quantity__lte=F("quantity"))
                ),
                name="backorder_filled_within_quantity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.get_status_display().lower()}"

    @property
    def waiting(self) -> int:
        """Units still to come."""
        return self.quantity - self.filled_quantity if self.status == BackorderStatus.WAITING else 0
