"""Opens one stream of live events, in place of an Authorization header: a browser's EventSource sends none."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shared.models.base import BaseModel
from users.models.api_key import ApiKey


class StreamTicket(BaseModel):
    """Good once, and for a minute. It stands for the sign-in that asked for it, and a stream lasts no longer: a key, a
    `family` of tokens, or a session of the admin."""

    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    api_key = models.ForeignKey(ApiKey, null=True, on_delete=models.CASCADE, related_name="+")
    family = models.UUIDField(null=True, editable=False)
    session_key = models.CharField(max_length=40, blank=True, editable=False)
    expires_at = models.DateTimeField(editable=False)

    class Meta:
        db_table = "events_stream_ticket"
        verbose_name = _("ticket to a stream")
        verbose_name_plural = _("tickets to streams")
        indexes = [models.Index(fields=["expires_at"], name="stream_ticket_expiry")]  # serves: the daily purge

    def __str__(self) -> str:
        return f"{self.user_id} {self.expires_at}"
