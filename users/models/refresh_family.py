"""Which refresh token of a sign-in over the API is the good one."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shared.models.base import BaseModel


class RefreshFamily(BaseModel):
    """All tokens that descend from one sign-in. Tokens themselves are kept nowhere; those of a row that is gone are
    good no longer."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    good_token = models.UUIDField(editable=False, help_text="Id (`jti`) of the refresh token that is not used yet.")
    expires_at = models.DateTimeField(editable=False)

    class Meta:
        db_table = "users_refresh_family"
        verbose_name = _("refresh token family")
        verbose_name_plural = _("refresh token families")
        indexes = [models.Index(fields=["expires_at"], name="refresh_family_expiry")]  # serves: the daily purge

    def __str__(self) -> str:
        return f"{self.user} {self.pk}"
