from django.db import models

from shared.models.base import TimestampedModel


class Category(TimestampedModel):
    """Where a product stands in the catalogue."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=140, unique=True)

    class Meta:
        db_table = "catalog_category"
        verbose_name_plural = "categories"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
