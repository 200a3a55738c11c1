"""Who owns the stock that is sold."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shared.models.base import TimestampedModel


class Seller(TimestampedModel):
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(
        _("slug"), max_length=220, unique=True, help_text=_("In URLs; made from the name when empty.")
    )
    is_active = models.BooleanField(
        _("is active"), default=True, help_text=_("Nothing of an inactive seller can be ordered.")
    )
    priority = models.PositiveIntegerField(
        _("priority"), default=100, help_text=_("A line that names no seller asks sellers in this order, lowest first.")
    )
    is_default = models.BooleanField(
        _("is default"),
        default=False,
        help_text=_("Asked first for a line that names no seller, if it stocks the variant."),
    )

    class Meta:
        db_table = "catalog_seller"
        verbose_name = _("seller")
        verbose_name_plural = _("sellers")
        ordering = ["priority", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_seller"
            ),
        ]

    def __str__(self) -> str:
        return self.name
