"""What has changed, for whoever listens from outside: one row for every event, numbered without a gap."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One change of one aggregate.

    `position` counts all events, `sequence` those of the aggregate: both 1, 2, 3 … `data` has ids, states and amounts,
    and nothing about a person: it leaves the house, and is kept where no erasure reaches.
    """

    id = models.UUIDField(_("id"), primary_key=True, editable=False)  # the ledger's row, or made of it
    position = models.BigIntegerField(_("position"), unique=True)  # serves: the feed from a position on
    type = models.CharField(_("type"), max_length=40)
    aggregate_type = models.CharField(_("kind of record"), max_length=20)
    aggregate_id = models.UUIDField(_("record"))
    sequence = models.BigIntegerField(_("sequence"))
    # Whose goods it is about: their people see it. A plain id, for the event outlives them.
    seller_id = models.UUIDField(_("seller"), null=True)
    data = models.JSONField(_("details"), default=dict)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        db_table = "events_event"
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["position"]
        constraints = [
            # Its index serves: the events of one record, from a position on.
            models.UniqueConstraint(
                fields=["aggregate_id", "sequence"], include=["position"], name="event_sequence_once_an_aggregate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.type}"


class AggregateSequence(models.Model):
    """How many events a record has had. It stays when they are forgotten: the next one has the next number."""

    aggregate_id = models.UUIDField(primary_key=True)
    sequence = models.BigIntegerField()

    class Meta:
        db_table = "events_aggregate_sequence"
        verbose_name = _("sequence of a record's events")
        verbose_name_plural = _("sequences of records' events")

    def __str__(self) -> str:
        return f"{self.aggregate_id}: {self.sequence}"
