"""What a product looks like."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.product import Product
from catalog.models.variant import Variant
from shared.models.base import BaseModel

MAX_PICTURES: Final = 30
# Pixels of the longer side, by the name of the file. The large one is made of what was sent, the others by a job.
LARGE: Final = ("large", 1_600)
SMALLER: Final = (("medium", 480), ("small", 96))
SIZES: Final = (LARGE, *SMALLER)


class Picture(BaseModel):
    """Its files are named after it, so a picture never changes: another one has another id."""

    # Its unique rule's index serves the pictures of a product.
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="pictures", db_index=False, verbose_name=_("product")
    )
    variant = models.ForeignKey(
        Variant,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="pictures",
        verbose_name=_("variant"),
        help_text=_("Shown for this one alone; empty: for all."),
    )
    position = models.PositiveSmallIntegerField(_("position"), help_text=_("The first one stands for the product."))
    alternative_text = models.CharField(
        _("alternative text"),
        max_length=250,
        blank=True,
        default="",
        help_text=_("What is to be seen, for those who do not see it."),
    )
    width = models.PositiveIntegerField(_("width"), help_text=_("Pixels of the large one."))
    height = models.PositiveIntegerField(_("height"))

    class Meta:
        db_table = "catalog_picture"
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "position"], deferrable=models.Deferrable.DEFERRED, name="picture_position_unique"
            ),
            models.CheckConstraint(condition=models.Q(position__lt=MAX_PICTURES), name="picture_position_bounded"),
        ]

    def __str__(self) -> str:
        return self.alternative_text or str(_("Picture %(number)s") % {"number": self.position + 1})

    @property
    def files(self) -> list[str]:
        return [file_of(self.pk, size) for size, _pixels in SIZES]


def file_of(picture_id: object, size: str) -> str:
    """The name of its file of this size."""
    return f"pictures/{picture_id}/{size}.webp"
