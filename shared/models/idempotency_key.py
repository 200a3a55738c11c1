"""Which request did what, so that a repeated request finds it instead of doing it again."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IdempotencyKey(models.Model):
    """A key belongs to its principal: a user's or an API key's id. Kept for IDEMPOTENCY_KEY_DAYS days.

    Table and column are named by what they were made for. An order's key has the order's id, and no `answer`: it is
    shown as it is now. Any other key has an id of its own and says in `answer` where to find what it made; empty while
    the request is under way.
    """

    id = models.UUIDField(primary_key=True, db_column="order_id")
    principal_id = models.UUIDField()
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the validated request body.")
    route = models.CharField(max_length=100, default="", db_default="", help_text="Empty: an order was placed.")
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "orders_idempotency_key"
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_age")]  # serves: the daily purge
        constraints = [
            models.UniqueConstraint(fields=["principal_id", "key"], name="idempotency_key_once_per_principal"),
        ]

    def __str__(self) -> str:
        return self.key
