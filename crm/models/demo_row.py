"""Which rows the demo shop brought, so that they can be taken away again and nothing else is."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DemoRowState(models.TextChoices):
    THERE = "there", _("There")
    REMOVED = "removed", _("Removed")
    KEPT = "kept", _("Kept")


class DemoRow(models.Model):
    """Written when the demo shop has been loaded. A removal turns each row to `removed`, or to `kept` with what it was
    kept for (crm.demo.removal.kinds). Lines of removed orders and removed stock levels stay on this list: rows of the
    stock ledger and events may still name them, and the audit knows them by it."""

    id = models.BigAutoField(primary_key=True)
    table = models.CharField(_("table"), max_length=63)
    row = models.UUIDField(_("record"))
    state = models.CharField(_("state"), max_length=7, choices=DemoRowState.choices, default=DemoRowState.THERE)
    kept_for = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        db_table = "crm_demo_row"
        verbose_name = _("row of the demo shop")
        verbose_name_plural = _("rows of the demo shop")
        constraints = [
            # Its index serves: whether a row is the demo shop's, and the rows of a table.
            models.UniqueConstraint(fields=["table", "row"], name="demo_row_once"),
            models.CheckConstraint(condition=Q(state__in=DemoRowState.values), name="demo_row_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row}"
