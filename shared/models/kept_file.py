"""Files that stand in the database: see docs/decisions/pictures.md."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _


class KeptFile(models.Model):
    """One file under its name; never changed, only made and deleted."""

    name = models.CharField(_("name"), max_length=200, primary_key=True)
    data = models.BinaryField(_("content"))
    created_at = models.DateTimeField(_("created at"), db_default=TransactionNow(), editable=False)

    class Meta:
        db_table = "shared_kept_file"
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.name
