"""`manage.py explain_reads`: what the hot reads cost in the database, with their indexes and without."""

from django.core.management.base import BaseCommand
from django.db import OperationalError, transaction

from orders.models.order import Order
from shared.database.conflicts import QUERY_CANCELED, sqlstate
from shared.database.transactions import take_time
from tools.measuring.explaining import Cost, explain, without_index
from tools.measuring.hot_reads import HotRead, hot_reads, take_samples

_TIMES = 51
_PATIENCE_SECONDS = 60
_HEAD = (
    "| read | index | ms | buffers | ms without | buffers without | then by |",
    "| --- | --- | ---: | ---: | ---: | ---: | --- |",
)


class Command(BaseCommand):
    help = (
        "Print a table of the hot reads: median milliseconds in the database and 8 KiB pages looked at, with the "
        "index made for each and without it. Drops each index for some seconds in a transaction that is rolled back, "
        "which locks its table: not for a database that is at work."
    )
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        with transaction.atomic():
            take_time()
            samples = take_samples()
            take_time(_PATIENCE_SECONDS)
            self.stdout.write(f"{Order.objects.count():,} orders\n")
            for line in _HEAD:
                self.stdout.write(line)
            for read in hot_reads(samples):
                self.stdout.write(_table_row(read))


def _table_row(read: HotRead) -> str:
    having = explain(read.run, times=_TIMES)
    facts = (read.name, read.index, *_format_figures(having), *_figures_without_index(read))
    return f"| {' | '.join(facts)} |"


def _figures_without_index(read: HotRead) -> tuple[str, ...]:
    """Figures of one run without the read's index, or that it was given up."""
    try:
        with without_index(read.index):
            lacking = explain(read.run, times=1)
    except OperationalError as error:
        if sqlstate(error) != QUERY_CANCELED:
            raise
        return f"> {_PATIENCE_SECONDS * 1000:,}", "", "given up"
    return *_format_figures(lacking), ", ".join(dict.fromkeys(lacking.steps))


def _format_figures(cost: Cost) -> tuple[str, str]:
    return f"{cost.milliseconds:,.3f}", f"{cost.buffers:,}"
