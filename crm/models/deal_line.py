"""What a deal would sell."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models.variant import Variant
from crm.models.deal import Deal
from shared.models.base import BaseModel
from shared.money.amounts import MoneyField


class DealLine(BaseModel):
    """Becomes an order line at `unit_price`, which is what was agreed, in the deal's currency and in the terms of the
    catalogue's prices."""

    deal = models.ForeignKey(
        Deal, verbose_name=_("deal"), on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    variant = models.ForeignKey(Variant, verbose_name=_("variant"), on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"), default=1, validators=[MinValueValidator(1)])
    unit_price = MoneyField(_("unit price"), max_digits=15, default=0, validators=[MinValueValidator(0)])

    class Meta:
        db_table = "crm_deal_line"
        verbose_name = _("deal line")
        verbose_name_plural = _("deal lines")
        ordering = ["deal", "id"]
        constraints = [
            # Its index also serves: a deal's lines.
            models.UniqueConstraint(fields=["deal", "variant"], name="one_deal_line_per_variant"),
            models.CheckConstraint(condition=Q(quantity__gte=1, quantity__lte=1_000_000), name="deal_line_quantity"),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="deal_line_price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.variant}"
