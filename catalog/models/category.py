from django.db import models
from django.utils.translation import gettext_lazy as _

from shared.models.base import TimestampedModel


class Category(TimestampedModel):
    """Where a product stands in the catalogue."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("slug"), max_length=140, unique=True)

    class Meta:
        db_table = "catalog_category"
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
