"""What operators and the schedule do to the whole house, and how it went: audits and backups."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class OperationKind(models.TextChoices):
    AUDIT = "audit", _("Audit")
    BACKUP = "backup", _("Backup")


class OperationRun(models.Model):
    """One run that has ended. `data` says what it found or made, JSON without personal data."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OperationKind.choices)
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"))
    has_succeeded = models.BooleanField(_("succeeded"))
    data = models.JSONField(_("details"), default=dict)

    class Meta:
        db_table = "shared_operation_run"
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        ordering = ["-id"]
        # serves: the last of a kind
        indexes = [models.Index(fields=["kind", "-id"], name="operation_run_of_kind")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OperationKind.values), name="operation_run_kind_known"),
            models.CheckConstraint(condition=Q(ended_at__gte=F("began_at")), name="operation_run_ends_after_it_began"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.ended_at:%Y-%m-%d %H:%M}"
