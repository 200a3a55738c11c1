"""What somebody should look at: one row for each rule of shared/metrics/rules.py, so the table never grows."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Alert(models.Model):
    """Open from `opened_at` to `closed_at`. `told`: by recipient, the moment of the last news that they were sent."""

    rule = models.CharField(_("rule"), max_length=60, primary_key=True)
    looked_at = models.DateTimeField(_("looked at"), null=True)
    unread_since = models.DateTimeField(_("not read since"), null=True)
    # Since when what is seen differs from what stands here: it must last before it counts.
    differs_since = models.DateTimeField(_("differs since"), null=True)
    opened_at = models.DateTimeField(_("opened at"), null=True)
    raised_at = models.DateTimeField(_("raised at"), null=True, help_text=_("When there was last something to tell."))
    closed_at = models.DateTimeField(_("closed at"), null=True)
    value = models.FloatField(_("value"), null=True)
    details = models.JSONField(_("details"), default=list, help_text=_("Which of them: queues, levels of stock."))
    marks = models.JSONField(_("marks"), default=dict, help_text=_("When it was told of what."))
    told = models.JSONField(_("told"), default=dict)
    last_mailed_at = models.DateTimeField(_("last e-mail at"), null=True)

    class Meta:
        db_table = "shared_alert"
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["rule"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, raised_at__isnull=True, closed_at__isnull=True)
                | Q(opened_at__isnull=False, raised_at__isnull=False, raised_at__gte=F("opened_at")),
                name="alert_is_raised_once_open",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")), name="alert_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return self.rule

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None
