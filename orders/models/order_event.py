"""What happened to an order: one append-only row for every change."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from orders.models.order import Order
from orders.order_state import OrderStatus
from shared.models.base import BaseModel


class EventKind(models.TextChoices):
    PLACED = "placed", "Placed"
    PAID = "paid", "Paid"
    PAYMENT_REFUND_DUE = "payment_refund_due", "Payment to give back"
    STATUS_CHANGED = "status_changed", "Status changed"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired"


class OrderEvent(BaseModel):
    """Who, when, from, to, why."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    from_status = models.CharField(max_length=12, choices=OrderStatus.choices, blank=True)
    to_status = models.CharField(max_length=12, choices=OrderStatus.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        db_table = "orders_order_event"
        ordering = ["created_at", "id"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="order_event_kind_known")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%Y-%m-%d %H:%M}"
