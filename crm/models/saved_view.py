"""A filtered list that somebody comes back to."""

from django.conf import settings
from django.db import models

from shared.models.base import TimestampedModel


class SavedView(TimestampedModel):
    """`page` is a model's label, e.g. orders.order; `query` the list's query string without the page number."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    page = models.CharField(max_length=80)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000, blank=True)
    is_shared = models.BooleanField(default=False, help_text="Everybody who may see the list sees this view.")

    class Meta:
        db_table = "crm_saved_view"
        ordering = ["page", "name", "id"]
        indexes = [
            models.Index(fields=["page", "name"], name="saved_view_page"),  # serves: the views of a list
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "page", "name"], name="saved_view_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name
