"""What staff know about a customer."""

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models

from shared.models.base import BaseModel
from users.models.customer import Customer


class Note(BaseModel):
    """A remark on a customer; never edited, so that it stays what its author wrote."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    text = models.TextField(max_length=10_000)
    created_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    class Meta:
        db_table = "crm_note"
        ordering = ["-created_at", "-id"]
        indexes = [
            # serves: a customer's notes newest first
            models.Index(fields=["customer", "-created_at", "-id"], name="note_customer_created"),
            # serves: all notes newest first
            models.Index(fields=["-created_at", "-id"], name="note_created"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
