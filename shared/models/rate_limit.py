"""Counters behind the throttles: in PostgreSQL, because per-process caches let clients through (docs/decisions)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RateLimitWindow(models.Model):
    """How often one subject did one thing within one fixed window of time."""

    bucket = models.CharField(primary_key=True, max_length=200, help_text="What is counted, for whom, since when.")
    count = models.PositiveIntegerField()
    expires_at = models.DateTimeField(help_text="When the window is over and the row may be purged (UTC).")

    class Meta:
        db_table = "shared_rate_limit_window"
        verbose_name = _("rate limit window")
        verbose_name_plural = _("rate limit windows")
        indexes = [models.Index(fields=["expires_at"], name="rate_limit_expiry")]  # serves: the daily purge

    def __str__(self) -> str:
        return f"{self.bucket}: {self.count}"
