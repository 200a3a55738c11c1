"""How many units of a variant were sold beyond its stock and wait for goods."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models.variant import Variant


class BackorderCount(models.Model):
    """One row for each variant that was ever sold beyond its stock: the sum of its orders' waiting units.

    `limit` is the variant's when units were last added: a limit lowered since then sends away nobody who waits.
    """

    variant = models.OneToOneField(
        Variant, on_delete=models.PROTECT, primary_key=True, related_name="backorder_count", verbose_name=_("variant")
    )
    waiting = models.PositiveIntegerField(_("waiting"), default=0)
    limit = models.PositiveIntegerField(_("limit"))

    class Meta:
        db_table = "inventory_backorder_count"
        verbose_name = _("number of backorders")
        verbose_name_plural = _("numbers of backorders")
        constraints = [
            # Kept beside the count, so that the database refuses what would go beyond it whatever the variant says by
            # now.
            models.CheckConstraint(condition=Q(waiting__lte=F("limit")), name="backorders_within_limit"),
        ]

    def __str__(self) -> str:
        return f"{self.waiting} / {self.limit}"
