"""A change of an order's lines: one audited row beside its event."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from orders.models.order import Order
from shared.models.base import BaseModel
from shared.money.amounts import MoneyField


class OrderEdit(BaseModel):
    """`before` and `after` are the lines and totals as the API shows them; `difference` is what the total grew by:
    to be paid when positive, given back when negative."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="edits", db_index=False)
    order_version = models.PositiveIntegerField(help_text=_("The order's version after the change."))
    before = models.JSONField()
    after = models.JSONField()
    difference = MoneyField(_("difference"))
    reason = models.CharField(_("reason"), max_length=200)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("actor"),
    )
    created_at = models.DateTimeField(_("changed at"), editable=False)

    class Meta:
        db_table = "orders_order_edit"
        verbose_name = _("change of an order")
        verbose_name_plural = _("changes of orders")
        ordering = ["-id"]
        permissions = [("edit_order", gettext_noop("Can change the lines of orders"))]
        constraints = [
            # Its index also serves: an order's changes.
            models.UniqueConstraint(fields=["order", "order_version"], name="order_edit_once_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.order_version}"
