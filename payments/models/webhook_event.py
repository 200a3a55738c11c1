"""What a provider told us by itself."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shared.models.base import BaseModel


class WebhookStatus(models.TextChoices):
    STORED = "stored", _("Stored")
    PROCESSED = "processed", _("Processed")
    IGNORED = "ignored", _("Ignored")
    FAILED = "failed", _("Failed")


class WebhookEvent(BaseModel):
    """The bytes as they came, after their signature was checked; a job makes something of them."""

    provider = models.CharField(_("provider"), max_length=20)
    event_id = models.CharField(_("event"), max_length=255, help_text=_("The provider's own id of it."))
    kind = models.CharField(_("kind"), max_length=100, blank=True)
    body = models.BinaryField(_("body"))
    headers = models.JSONField(_("headers"), default=dict)
    status = models.CharField(
        _("status"), max_length=9, choices=WebhookStatus.choices, default=WebhookStatus.STORED.value
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    error = models.CharField(_("error"), max_length=500, blank=True)
    received_at = models.DateTimeField(_("received at"), editable=False)
    processed_at = models.DateTimeField(_("processed at"), null=True, blank=True)

    class Meta:
        db_table = "payments_webhook_event"
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["-id"]
        indexes = [
            # serves: what was not processed yet, or not well
            models.Index(fields=["received_at"], condition=Q(status__in=["stored", "failed"]), name="webhook_open"),
            # serves: the purge
            models.Index(fields=["received_at"], name="webhook_received"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="webhook_once_per_provider"),
            models.CheckConstraint(condition=Q(status__in=WebhookStatus.values), name="webhook_status_known"),
            models.CheckConstraint(
                condition=~Q(status="processed") | Q(processed_at__isnull=False), name="webhook_processed_says_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"
