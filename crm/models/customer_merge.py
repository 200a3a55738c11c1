"""Customers that became one, and what is needed to part them again."""

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shared.models.base import BaseModel
from users.models.customer import Customer


class CustomerMerge(BaseModel):
    """`duplicate_id` names a row that is gone. The header stays, so that old links find the kept customer; names and
    MergedRows go when the merge is undone, or when it cannot be undone any more (`forgotten_at`)."""

    kept = models.ForeignKey(
        Customer, verbose_name=_("kept"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    duplicate_id = models.UUIDField(_("the duplicate's id"), editable=False)
    duplicate_name = models.CharField(_("duplicate"), max_length=200, blank=True, editable=False)
    moved = models.JSONField(_("moved"), default=dict, editable=False, help_text=_("How many rows moved, by model."))
    merged_at = models.DateTimeField(_("merged at"), db_default=TransactionNow(), editable=False)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("merged by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("undone by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    forgotten_at = models.DateTimeField(_("forgotten at"), null=True, editable=False)

    class Meta:
        db_table = "crm_customer_merge"
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["kept", "-id"], name="merge_kept"),  # serves: the merges into a customer, newest first
            # serves: the job that forgets what cannot be undone any more
            models.Index(
                fields=["merged_at"],
                condition=Q(undone_at__isnull=True, forgotten_at__isnull=True),
                name="merge_to_forget",
            ),
        ]
        constraints = [
            # Its index also serves: where a customer went.
            models.UniqueConstraint(
                fields=["duplicate_id"], condition=Q(undone_at__isnull=True), name="customer_is_merged_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate_name or self.duplicate_id} → {self.kept_id}"


class MergedRowKind(models.TextChoices):
    MOVED = "moved", _("Moved")  # `column_name` was `old_value`
    CHANGED = "changed", _("Changed")  # of the kept customer: `column_name` was `old_value`, became `new_value`
    DROPPED = "dropped", _("Dropped")  # the whole row stands in `whole_row`


class MergedRow(models.Model):
    """What a merge did to one row. Written by the ten thousand in SQL, so its key comes from the database."""

    id = models.BigAutoField(_("id"), primary_key=True)
    merge = models.ForeignKey(
        CustomerMerge, verbose_name=_("merge"), on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=7, choices=MergedRowKind.choices)
    table_name = models.CharField(_("table name"), max_length=63)
    row_id = models.CharField(_("row id"), max_length=40)
    column_name = models.CharField(_("column name"), max_length=63, blank=True)
    old_value = models.JSONField(_("old value"), null=True)
    new_value = models.JSONField(_("new value"), null=True)
    whole_row = models.JSONField(_("whole row"), null=True)

    class Meta:
        db_table = "crm_merged_row"
        verbose_name = _("merged row")
        verbose_name_plural = _("merged rows")
        indexes = [
            models.Index(
                fields=["merge", "table_name", "kind"], name="merged_row_merge"
            ),  # serves: undoing, table by table
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=MergedRowKind.values), name="merged_row_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="dropped", whole_row__isnull=False) | (~Q(kind="dropped") & ~Q(column_name="")),
                name="merged_row_can_be_undone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_id}: {self.kind}"
