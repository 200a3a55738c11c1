"""Where a seller keeps stock."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.seller import Seller
from shared.models.base import TimestampedModel


class StockLocation(TimestampedModel):
    """A shelf, shop or warehouse of one seller."""

    seller = models.ForeignKey(
        Seller, on_delete=models.PROTECT, related_name="locations", db_index=False, verbose_name=_("seller")
    )
    name = models.CharField(_("name"), max_length=120)
    priority = models.PositiveIntegerField(
        _("priority"), default=100, help_text=_("Stock is taken from the lowest first.")
    )
    is_active = models.BooleanField(_("is active"), default=True, help_text=_("Stock here can be ordered."))

    class Meta:
        db_table = "inventory_stock_location"
        verbose_name = _("stock location")
        verbose_name_plural = _("stock locations")
        ordering = ["seller", "priority", "id"]
        constraints = [
            # Its index also serves: a seller's locations.
            models.UniqueConstraint(fields=["seller", "name"], name="location_name_unique")
        ]

    def __str__(self) -> str:
        return f"{self.seller} / {self.name}"
