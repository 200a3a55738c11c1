"""Which request placed which order, so that a repeated request finds it instead of placing another."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order


class IdempotencyKey(models.Model):
    """A key belongs to its principal: a user's or an API key's id. Kept for IDEMPOTENCY_KEY_DAYS days."""

    order = models.OneToOneField(Order, on_delete=models.CASCADE, primary_key=True, related_name="+")
    principal_id = models.UUIDField()
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the validated request body.")
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
