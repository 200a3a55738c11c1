"""Why an order costs what it costs: every amount that is not the catalogue's price and tax, with its reason."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from orders.models.order_item import OrderItem
from shared.models.base import BaseModel
from shared.money.amounts import MoneyField


class AdjustmentKind(models.TextChoices):
    PRICE = "price", _("Price")
    DISCOUNT = "discount", _("Discount")
    TAX = "tax", _("Tax")
    SHIPPING = "shipping", _("Shipping")
    WRITE_OFF = "write_off", _("Written off")


class Adjustment(BaseModel):
    """A snapshot: it stays when the coupon, price list or tax rate changes or goes."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="adjustments")
    item = models.ForeignKey(
        OrderItem, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=AdjustmentKind.choices)
    label = models.CharField(_("label"), max_length=200, help_text=_("What the invoice calls it."))
    # Of a split order all reasons are the parent order's, but for what was written off, which each sub-order bears a
    # share of.
    amount = MoneyField(_("amount"), help_text=_("What it adds to the total; negative for a discount."))
    data = models.JSONField(default=dict, help_text=_("Rates, codes and ids that it was computed from."))

    class Meta:
        db_table = "orders_adjustment"
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AdjustmentKind.values), name="adjustment_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.amount}"
