"""What happened to an order: one append-only row for every change."""

from collections.abc import Mapping
from typing import Any, Final

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from orders.states import OrderStatus
from shared.models.base import BaseModel
from shared.models.feed import FeedSource, feed_index
from shared.text.messages import message_of, show_text

# In the data of PLACED: whose order it was then. The audit alone asks; an order placed before this was kept has none.
PLACED_FOR: Final = "customer"
# In the data of what a service gave the reason for: its message (shared/text/messages.py).
MESSAGE: Final = "reason_message"


class EventKind(models.TextChoices):
    PLACED = "placed", _("Placed")
    PAID = "paid", _("Paid")
    PAYMENT_REFUND_DUE = "payment_refund_due", _("Payment to give back")
    STATUS_CHANGED = "status_changed", _("Status changed")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")
    PAYMENT_FAILED = "payment_failed", _("Payment failed")
    UNDERPAID = "underpaid", _("Too little paid")
    REFUNDED = "refunded", _("Refunded")
    SHIPPED = "shipped", _("Shipped")
    DELIVERED = "delivered", _("Delivered")
    RETURN = "return", _("Return")
    EDITED = "edited", _("Changed")
    EXTENDED = "extended", _("Deadline put off")
    UPDATED = "updated", _("Details changed")
    DELETED = "deleted", _("Deleted")
    RESTORED = "restored", _("Restored")
    DISPUTED = "disputed", _("Disputed")


class OrderEvent(FeedSource, BaseModel):
    """Who, when, from, to, why."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events", verbose_name=_("order"))
    kind = models.CharField(_("kind"), max_length=20, choices=EventKind.choices)
    from_status = models.CharField(_("from status"), max_length=12, choices=OrderStatus.choices, blank=True)
    to_status = models.CharField(_("to status"), max_length=12, choices=OrderStatus.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("actor"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    data = models.JSONField(
        _("details"), default=dict, db_default={}, blank=True, help_text=_("What the change was about.")
    )
    created_at = models.DateTimeField(_("created at"), editable=False)

    class Meta:
        db_table = "orders_order_event"
        verbose_name = _("order event")
        verbose_name_plural = _("order events")
        ordering = ["created_at", "id"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="order_event_kind_known")]
        indexes = [
            # serves: events of late, for the e-mails and the sums; one summary for 32 blocks, as they come so
            BrinIndex(fields=["created_at"], name="order_event_at", autosummarize=True, pages_per_range=32),
            feed_index("order_event_feed"),
        ]
        # By the database, so that no code, admin page or careless UPDATE rewrites what happened; erase_words alone may,
        # by name.
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def details(self) -> dict[str, Any]:
        """What is shown of `data`."""
        return shown_details(self.data)

    @property
    def shown_reason(self) -> str:
        """For a page, in its language."""
        return show_text(self.reason, self.data.get(MESSAGE) if isinstance(self.data, dict) else None)


def shown_details(data: dict[str, Any]) -> dict[str, Any]:
    """Without what is kept for the audit alone, or shown as the reason."""
    return {name: value for name, value in data.items() if name not in (PLACED_FOR, MESSAGE)}


def event_data(reason: str, data: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """An event's details, with the message of a reason that has one."""
    message = message_of(reason)
    return {**(data or {}), **({MESSAGE: message} if message else {})}
