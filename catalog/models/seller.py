"""Who owns the stock that is sold."""

from django.db import models

from shared.models.base import TimestampedModel


class Seller(TimestampedModel):
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=220, unique=True, help_text="In URLs; made from the name when empty.")
    is_active = models.BooleanField(default=True, help_text="Nothing of an inactive seller can be ordered.")
    priority = models.PositiveIntegerField(
        default=100, help_text="A line that names no seller asks sellers in this order, lowest first."
    )
    is_default = models.BooleanField(
        default=False, help_text="Asked first for a line that names no seller, if it stocks the variant."
    )

    class Meta:
        db_table = "catalog_seller"
        ordering = ["priority", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_seller"
            ),
        ]

    def __str__(self) -> str:
        return self.name
