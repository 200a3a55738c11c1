"""A list written into a file in the background."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exchange.models.stored_file import StoredFile
from shared.models.base import TimestampedModel


class ExportStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being written")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")


class ExportFormat(models.TextChoices):
    CSV = "csv", _("CSV (any program)")
    XLSX = "xlsx", _("XLSX (Excel, LibreOffice)")


class Export(TimestampedModel):
    """Its file is for whoever asked for it, for a day."""

    kind = models.CharField(_("kind"), max_length=30, help_text=_("What the rows are."))
    query = models.TextField(_("query"), blank=True, help_text=_("The list's filters and search, as in its address."))
    file_format = models.CharField(
        _("file format"), max_length=4, choices=ExportFormat.choices, default=ExportFormat.CSV
    )
    status = models.CharField(_("status"), max_length=7, choices=ExportStatus.choices, default=ExportStatus.WAITING)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    run_id = models.UUIDField(_("run id"), null=True, editable=False)
    total = models.IntegerField(_("total"), default=0, help_text=_("Rows there are, counted at the start."))
    written = models.IntegerField(_("written"), default=0)
    message = models.TextField(_("message"), blank=True)
    file = models.ForeignKey(StoredFile, verbose_name=_("file"), on_delete=models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField(_("expires at"), null=True)

    class Meta:
        db_table = "exchange_export"
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-id"]
        indexes = [
            # serves: a colleague's exports newest first
            models.Index(fields=["created_by", "-id"], name="export_created_by"),
            # serves: files to be forgotten
            models.Index(fields=["expires_at"], condition=Q(expires_at__isnull=False), name="export_expires"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ExportStatus.values), name="export_status_known"),
            models.CheckConstraint(condition=Q(file_format__in=ExportFormat.values), name="export_format_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}.{self.file_format}"

    @property
    def is_under_way(self) -> bool:
        return self.status in (ExportStatus.WAITING, ExportStatus.RUNNING)
