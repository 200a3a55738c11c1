"""Labels that staff put on customers."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from shared.models.base import BaseModel


class Tag(BaseModel):
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        db_table = "users_tag"
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="tag_name_unique")]

    def __str__(self) -> str:
        return self.name
