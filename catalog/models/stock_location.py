"""Where a seller keeps stock."""

from django.db import models

from catalog.models.seller import Seller
from shared.models.base import TimestampedModel


class StockLocation(TimestampedModel):
    """A shelf, shop or warehouse of one seller."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="locations", db_index=False)
    name = models.CharField(max_length=120)
    priority = models.PositiveIntegerField(default=100, help_text="Stock is taken from the lowest first.")
    is_active = models.BooleanField(default=True, help_text="Stock here can be ordered.")

    class Meta:
        db_table = "catalog_stock_location"
        ordering = ["seller", "priority", "id"]
        constraints = [
            # Its index also serves: a seller's locations.
            models.UniqueConstraint(fields=["seller", "name"], name="location_name_unique")
        ]

    def __str__(self) -> str:
        return f"{self.seller} / {self.name}"
