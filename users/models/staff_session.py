"""Where staff are signed in."""

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _

from shared.models.base import BaseModel


class StaffSession(BaseModel):
    """One sign-in to the admin, so that it can be seen and ended."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    address = models.GenericIPAddressField(null=True, editable=False)
    browser = models.CharField(max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    last_seen_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    class Meta:
        db_table = "users_staff_session"
        verbose_name = _("staff session")
        verbose_name_plural = _("staff sessions")
        ordering = ["-last_seen_at", "-id"]
        indexes = [
            models.Index(fields=["user", "-last_seen_at"], name="staff_session_user"),  # serves: a user's sessions
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.address or ''}".strip()
