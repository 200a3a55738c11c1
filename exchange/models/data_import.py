"""A file of rows to be written into the books."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exchange.models.stored_file import StoredFile
from shared.models.base import TimestampedModel


class ImportKind(models.TextChoices):
    CUSTOMERS = "customers", _("Customers")
    COMPANIES = "companies", _("Companies")
    VARIANTS = "variants", _("Variants and prices")


class ImportStatus(models.TextChoices):
    """UPLOADED → CHECKING → CHECKED → RUNNING → DONE → UNDOING → UNDONE. FAILED can be started again."""

    UPLOADED = "uploaded", _("Columns to be named")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked, nothing written yet")
    RUNNING = "running", _("Being written")
    DONE = "done", _("Done")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Failed, nothing written")


class ImportMode(models.TextChoices):
    BOTH = "both", _("Create new ones and update those that are known")
    CREATE = "create", _("Create new ones only")
    UPDATE = "update", _("Update those that are known only")


UNDER_WAY = (ImportStatus.CHECKING, ImportStatus.RUNNING, ImportStatus.UNDOING)


class Import(TimestampedModel):
    """`run_id` is that of the job that works on it: one that finds another's there stops and leaves no trace."""

    kind = models.CharField(_("kind"), max_length=9, choices=ImportKind.choices, help_text=_("What the rows are."))
    status = models.CharField(_("status"), max_length=8, choices=ImportStatus.choices, default=ImportStatus.UPLOADED)
    file = models.ForeignKey(StoredFile, verbose_name=_("file"), on_delete=models.SET_NULL, null=True, related_name="+")
    file_name = models.CharField(_("file name"), max_length=200)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    encoding = models.CharField(_("encoding"), max_length=20, blank=True, help_text=_("Of a CSV file."))
    delimiter = models.CharField(
        _("delimiter"), max_length=1, blank=True, help_text=_("Between the cells of a CSV file.")
    )
    doubts = models.JSONField(
        _("doubts"),
        default=list,
        db_default=[],
        help_text=_("Encodings that may be meant, each with lines in which they differ; empty once it is clear."),
    )
    header_row = models.IntegerField(
        _("header row"), default=1, db_default=1, help_text=_("The row with the names of the columns.")
    )
    headers = models.JSONField(_("headers"), default=list, help_text=_("The cells of that row."))
    samples = models.JSONField(_("samples"), default=list, help_text=_("The cells of the next few."))
    notes = models.JSONField(
        _("notes"), default=list, db_default=[], help_text=_("What is left out or is not as it looks.")
    )
    mapping = models.JSONField(_("mapping"), default=dict, help_text=_("Place in the row: name of the column."))
    key = models.CharField(
        _("key"), max_length=60, blank=True, help_text=_("The column by which a row finds its record.")
    )
    mode = models.CharField(_("mode"), max_length=6, choices=ImportMode.choices, default=ImportMode.BOTH)
    clears_empty = models.BooleanField(
        _("clears empty"), default=False, help_text=_("Whether an empty cell empties the value.")
    )
    leaves_out_faulty = models.BooleanField(
        _("leaves out faulty"), default=False, help_text=_("Whether rows with errors are left out.")
    )
    may_add_companies = models.BooleanField(
        _("may add companies"), default=False, help_text=_("Whether unknown companies are made.")
    )
    skips_conflicts = models.BooleanField(
        _("skips conflicts"), default=False, help_text=_("Whether an undo leaves out what changed since.")
    )
    run_id = models.UUIDField(_("run id"), null=True, editable=False)
    progress = models.IntegerField(_("progress"), default=0, help_text=_("Per cent of what is being done."))
    total = models.IntegerField(_("total"), default=0, help_text=_("Rows in the file."))
    creates = models.IntegerField(_("creates"), default=0)
    updates = models.IntegerField(_("updates"), default=0)
    unchanged = models.IntegerField(_("unchanged"), default=0)
    faulty = models.IntegerField(_("faulty"), default=0)
    conflicts = models.IntegerField(_("conflicts"), default=0, help_text=_("What the last undo could not undo."))
    message = models.TextField(_("message"), blank=True, help_text=_("What went wrong."))
    finished_at = models.DateTimeField(_("finished at"), null=True, editable=False)
    expires_at = models.DateTimeField(
        _("expires at"), null=True, help_text=_("When file, rows and the way back are forgotten.")
    )

    class Meta:
        db_table = "exchange_import"
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        indexes = [
            # serves: a colleague's imports newest first
            models.Index(fields=["created_by", "-id"], name="import_created_by"),
            # serves: what is to be forgotten
            models.Index(fields=["expires_at"], condition=Q(expires_at__isnull=False), name="import_expires"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ImportKind.values), name="import_kind_known"),
            models.CheckConstraint(condition=Q(status__in=ImportStatus.values), name="import_status_known"),
            models.CheckConstraint(condition=Q(mode__in=ImportMode.values), name="import_mode_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file_name}"

    @property
    def is_under_way(self) -> bool:
        return self.status in UNDER_WAY
