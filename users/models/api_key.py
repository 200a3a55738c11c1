"""Keys by which machines sign in."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shared.models.base import TimestampedModel


class Scope(models.TextChoices):
    """What an API key may do; never more than its owner may."""

    ORDERS_READ = "orders:read", _("Read orders")
    ORDERS_WRITE = "orders:write", _("Place, advance and cancel orders")
    PRICES_WRITE = "prices:write", _("Agree prices: in drafts, and when drafts and deals are ordered")
    PAYMENTS_WRITE = "payments:write", _("Confirm payments")
    CATALOG_WRITE = "catalog:write", _("Change products, variants and sellers")
    STOCK_READ = "stock:read", _("Read stock levels")
    STOCK_WRITE = "stock:write", _("Receive and adjust stock")
    CUSTOMERS_READ = "customers:read", _("Read customers")
    CUSTOMERS_WRITE = "customers:write", _("Change customers")
    USERS_READ = "users:read", _("Read users")
    CRM_READ = "crm:read", _("Read leads, deals, tasks, the timeline, segments and consents")
    CRM_WRITE = "crm:write", _("Change them")
    EVENTS_READ = "events:read", _("Read events, as far as their owner sees what they are about")
    WEBHOOKS_WRITE = "webhooks:write", _("Have events sent, as far as their owner sees what they are about")
    MCP = "mcp", _("Serve an assistant (MCP), which needs the other scopes besides")
    SHOP_READ = "shop:read", _("Read the shop's settings")
    SHOP_WRITE = "shop:write", _("Change the shop's settings")
    PRIVACY_READ = "privacy:read", _("Read all that is kept about a person")
    PRIVACY_ERASE = "privacy:erase", _("Erase all that is kept about a person")


class ApiKey(TimestampedModel):
    """A machine's sign-in. Only the secret's SHA-256 is kept: it is 256 random bits, so a slow hash adds nothing."""

    name = models.CharField(_("name"), max_length=100, help_text=_("Which machine or integration uses it."))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys", verbose_name=_("owner")
    )
    prefix = models.CharField(
        _("prefix"), max_length=16, editable=False, help_text=_("The key's beginning, to recognise it by.")
    )
    secret_hash = models.CharField(_("secret hash"), max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=40, choices=Scope.choices), default=list, verbose_name=_("scopes"))
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True, help_text=_("Empty: it does not expire."))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)

    class Meta:
        db_table = "users_api_key"
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
