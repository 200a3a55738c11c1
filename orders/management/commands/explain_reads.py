"""`manage.py explain_reads`: what the hot reads cost in the database, with their indexes and without."""

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from orders.hot_reads import HotRead, hot_reads, take_samples
from orders.models.order import Order
from shared.explaining import Cost, explain, without_index

_TIMES, _TIMES_WITHOUT = 51, 3
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

    def handle(self, *args: object, **options: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            samples = take_samples()
            self.stdout.write(f"{Order.objects.count():,} orders\n")
            for line in _HEAD:
                self.stdout.write(line)
            for read in hot_reads(samples):
                self.stdout.write(_row(read))


def _row(read: HotRead) -> str:
    having = explain(read.run, times=_TIMES)
    with without_index(read.index):
        lacking = explain(read.run, times=_TIMES_WITHOUT)
    facts = (read.name, read.index, *_figures(having), *_figures(lacking), ", ".join(dict.fromkeys(lacking.steps)))
    return f"| {' | '.join(facts)} |"


def _figures(cost: Cost) -> tuple[str, str]:
    return f"{cost.milliseconds:,.3f}", f"{cost.buffers:,}"
