"""Labels that staff put on customers."""

from django.db import models
from django.db.models.functions import Lower

from shared.models.base import BaseModel


class Tag(BaseModel):
    name = models.CharField(max_length=60)

    class Meta:
        db_table = "users_tag"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="tag_name_unique")]

    def __str__(self) -> str:
        return self.name
