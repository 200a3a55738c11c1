"""One try to send."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shared.models.base import BaseModel
from webhooks.models.delivery import Delivery


class Attempt(BaseModel):
    """What came of it: the receiver's `status` with the beginning of its `answer`, or an `error`."""

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="attempts", verbose_name=_("delivery")
    )
    at = models.DateTimeField(_("at"))
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    milliseconds = models.PositiveIntegerField(_("took"), help_text=_("Milliseconds."))
    answer = models.TextField(_("answer"), blank=True, help_text=_("Its first 4 KiB."))
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        db_table = "webhooks_attempt"
        verbose_name = _("delivery attempt")
        verbose_name_plural = _("delivery attempts")
        ordering = ["id"]
        # serves: the purge
        indexes = [models.Index(fields=["at"], name="attempt_made")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.status or self.error}"
