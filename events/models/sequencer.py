"""How far the feed has come."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Sequencer(models.Model):
    """One row.

    `horizon`: all transactions with a lower number had ended, and what they wrote is in the feed. `kept_from`: what was
    written before is not in the feed, or no more: the feed began then, or has forgotten it. `forgotten`: the last
    position that is gone. Looking for the first that is there would read over all that were deleted, until a vacuum.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField(_("position"), default=0)
    horizon = models.BigIntegerField(_("horizon"))
    kept_from = models.DateTimeField(_("kept from"))
    forgotten = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "events_sequencer"
        verbose_name = _("state of the feed")
        verbose_name_plural = _("state of the feed")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_sequencer")]

    def __str__(self) -> str:
        return f"{self.position}"
