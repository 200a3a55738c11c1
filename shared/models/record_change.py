"""The history of records. Written by triggers alone (shared/history)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shared.models.feed import FeedSource, feed_index


class Operation(models.TextChoices):
    """What was done to a row."""

    INSERT = "I", _("Added")
    UPDATE = "U", _("Changed")
    DELETE = "D", _("Deleted")


class RecordChange(FeedSource):
    """One row that was added, changed or deleted: of a change, only the columns that differ."""

    id = models.BigAutoField(_("id"), primary_key=True)
    at = models.DateTimeField(_("when"), editable=False)
    # Without a constraint: the history of who is gone stays, and writing it locks nobody.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    source = models.CharField(_("part of"), max_length=200, help_text=_("The request, command or other program."))
    table = models.CharField(_("table"), max_length=63)
    record = models.CharField(
        _("record"), max_length=64, help_text=_("The key of the record whose history this is part of.")
    )
    operation = models.CharField(_("what"), max_length=1, choices=Operation.choices)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)

    class Meta:
        db_table = "shared_record_change"
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["record", "-at", "-id"], name="record_change_record"),  # serves: a record's history
            models.Index(fields=["-at", "-id"], name="record_change_at"),  # serves: the list of all, and the purge
            models.Index(fields=["actor", "-at", "-id"], name="record_change_actor"),  # serves: what a person did
            models.Index(fields=["table", "-at", "-id"], name="record_change_table"),  # serves: the list by kind
            feed_index("record_change_feed"),
        ]

    def __str__(self) -> str:
        return f"{self.get_operation_display()} {self.table} {self.record}"
