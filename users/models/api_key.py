"""Keys by which machines sign in."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from shared.models.base import TimestampedModel


class Scope(models.TextChoices):
    """What an API key may do; never more than its owner may."""

    ORDERS_READ = "orders:read", "Read orders"
    ORDERS_WRITE = "orders:write", "Place, advance and cancel orders"
    PAYMENTS_WRITE = "payments:write", "Confirm payments"
    CATALOG_WRITE = "catalog:write", "Change products, variants and sellers"
    STOCK_READ = "stock:read", "Read stock levels"
    STOCK_WRITE = "stock:write", "Receive and adjust stock"
    CUSTOMERS_READ = "customers:read", "Read customers"
    CUSTOMERS_WRITE = "customers:write", "Change customers"
    USERS_READ = "users:read", "Read users"
    CRM_READ = "crm:read", "Read leads, deals, tasks, the timeline, segments and consents"
    CRM_WRITE = "crm:write", "Change them"


class ApiKey(TimestampedModel):
    """A machine's sign-in. Only the secret's SHA-256 is kept: it is 256 random bits, so a slow hash adds nothing."""

    name = models.CharField(max_length=100, help_text="Which machine or integration uses it.")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys")
    prefix = models.CharField(max_length=16, editable=False, help_text="The key's beginning, to recognise it by.")
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=40, choices=Scope.choices), default=list)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Empty: it does not expire (UTC).")
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        db_table = "users_api_key"
        verbose_name = "API key"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
