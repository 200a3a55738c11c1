"""Ledgers that the feed of events is made of (docs/decisions/event-feed.md).

A row says in which transaction it was written and which one it was of all: both by the database, whoever writes it.
The serial is drawn while the row's record is locked, so that of one record's rows the later has the higher; across
transactions it says nothing of who commits first. The transaction's number says which rows may still appear.
"""

from typing import Final

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Func
from django.utils.translation import gettext_lazy as _

SERIAL: Final = "kontor_feed_serial"


class CurrentTransaction(Func):
    """The number of the transaction that writes, of 64 bits: it never comes round."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class NextSerial(Func):
    """Drawn at the moment in which the row is written."""

    template = f"nextval('{SERIAL}')"
    output_field = models.BigIntegerField()


class FeedSource(models.Model):
    """Both are empty in rows that are older than the feed."""

    feed_tx = models.BigIntegerField(_("transaction"), null=True, editable=False, db_default=CurrentTransaction())
    feed_serial = models.BigIntegerField(_("serial number"), null=True, editable=False, db_default=NextSerial())

    class Meta:
        abstract = True


def feed_index(name: str) -> BrinIndex:
    """Serves: rows of late transactions. Written as they come, so one summary for 64 blocks finds them, at a tenth of
    what a B-tree costs each row."""
    return BrinIndex(fields=["feed_tx"], name=name, autosummarize=True, pages_per_range=64)
