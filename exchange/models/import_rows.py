"""What an import reads, and what it writes."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exchange.models.data_import import Import
from shared.models.base import BaseModel


class ImportRow(BaseModel):
    """A row of the file, checked, before anything is written. A record made from it gets the row's own id.

    `values`: column → value, ready for the record's table. `links`: column → what names the other record.
    `errors` come from the row alone, `needs` are errors if the row makes a new record, and `faults` come from
    comparing it with the books and the other rows.
    """

    data_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.IntegerField(help_text="Row of the file; the headers are row 1.")
    key = models.TextField(blank=True)
    values = models.JSONField(default=dict)
    links = models.JSONField(default=dict)
    tags = ArrayField(models.TextField(), null=True)
    errors = models.JSONField(default=list)
    needs = models.JSONField(default=list)
    faults = models.JSONField(default=list, db_default=[])
    is_faulty = models.BooleanField(default=False)
    object_id = models.UUIDField(null=True, help_text="The record that the key finds.")
    patch = models.JSONField(default=dict, db_default={}, help_text="What the links found.")

    class Meta:
        db_table = "exchange_import_row"
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["number"]
        indexes = [
            # serves: the rows with errors, in the order of the file
            models.Index(fields=["data_import", "number"], condition=Q(is_faulty=True), name="import_row_faulty"),
        ]
        constraints = [
            # Its index serves: an import's rows in the order of the file.
            models.UniqueConstraint(fields=["data_import", "number"], name="import_row_number_unique"),
        ]

    def __str__(self) -> str:
        return f"Row {self.number}"


class ImportChange(BaseModel):
    """A record as it was before an import (null: there was none) and after it: the way back."""

    data_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="changes", db_index=False)
    model = models.CharField(max_length=20, help_text="The record's table.")
    object_id = models.UUIDField()
    number = models.IntegerField(null=True, help_text="Row of the file.")
    before = models.JSONField(null=True)
    after = models.JSONField()
    tags_before = ArrayField(models.UUIDField(), null=True)
    tags_after = ArrayField(models.UUIDField(), null=True)
    conflict = models.CharField(max_length=8, blank=True, db_default="", help_text="Why it could not be undone.")

    class Meta:
        db_table = "exchange_import_change"
        verbose_name = _("change by an import")
        verbose_name_plural = _("changes by imports")
        ordering = ["number", "id"]
        indexes = [
            # serves: what an undo could not undo
            models.Index(fields=["data_import", "number"], condition=~Q(conflict=""), name="import_change_conflict"),
        ]
        constraints = [
            # Its index serves: an import's changes of one table.
            models.UniqueConstraint(fields=["data_import", "model", "object_id"], name="import_changes_a_record_once"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"
