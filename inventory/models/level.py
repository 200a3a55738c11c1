"""How many units of a variant lie at a location. Only inventory.ledger.stock locks or changes a level."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from catalog.models.variant import Variant
from inventory.models.location import StockLocation
from shared.models.base import TimestampedModel

# A round number below what the column holds (2 ** 31 - 1): refused by name, not by PostgreSQL's overflow.
MAX_ON_HAND = 2_000_000_000


class StockLevel(TimestampedModel):
    """`on_hand` units exist, `reserved` of them are held by orders, the rest is available."""

    variant = models.ForeignKey(
        Variant, on_delete=models.PROTECT, related_name="stock_levels", db_index=False, verbose_name=_("variant")
    )
    location = models.ForeignKey(
        StockLocation, on_delete=models.PROTECT, related_name="stock_levels", db_index=False, verbose_name=_("location")
    )
    on_hand = models.IntegerField(_("on hand"), default=0, editable=False)
    reserved = models.IntegerField(_("reserved"), default=0, editable=False)
    version = models.BigIntegerField(
        _("version"),
        default=0,
        editable=False,
        help_text=_("Number of changes so far."),
    )
    # Which of the versions no ledger row has: what the audit counts by.
    threshold_changes = models.IntegerField(default=0, db_default=0, editable=False)
    low_stock_threshold = models.PositiveIntegerField(
        _("low stock threshold"),
        null=True,
        blank=True,
        help_text=_("Low when this few are available; empty: the shop's default."),
    )

    class Meta:
        db_table = "inventory_stock_level"
        verbose_name = _("stock level")
        verbose_name_plural = _("stock levels")
        ordering = ["-id"]
        permissions = [("adjust_stock", gettext_noop("Can receive and adjust stock"))]
        indexes = [
            models.Index(fields=["location", "-id"], name="level_location"),  # serves: a location's levels newest first
        ]
        constraints = [
            # Its index also serves: the levels of a variant.
            models.UniqueConstraint(fields=["variant", "location"], name="one_level_per_variant_and_location"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0) & Q(reserved__lte=F("on_hand")) & Q(on_hand__lte=MAX_ON_HAND),
                name="stock_never_oversold",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(sku)s at %(location)s") % {"sku": self.variant.sku, "location": self.location}

    @property
    def available(self) -> int:
        """Units that can still be ordered."""
        return self.on_hand - self.reserved
