"""Numbers of documents, without a gap: INV-2026-000001, INV-2026-000002 …"""

from datetime import datetime

from orders.models.invoice import InvoiceKind, InvoiceSeries
from shared.clock import day_of

SERIES = {InvoiceKind.INVOICE: "INV", InvoiceKind.CREDIT_NOTE: "CN"}


def take_number(kind: InvoiceKind, *, now: datetime) -> str:
    """The next number of the kind in the shop's year of `now`. Everybody else who wants one waits until this
    transaction ends, and takes it instead if it is rolled back: call it last, with the order locked and no stock."""
    series, year = SERIES[kind], day_of(now).year
    # The first of a year makes the row. Of several at once one does, and the others wait here for its commit.
    InvoiceSeries.objects.bulk_create([InvoiceSeries(series=series, year=year)], ignore_conflicts=True)
    # A row and no sequence: a sequence leaves a gap where a transaction is rolled back, and the law asks for none.
    counter = InvoiceSeries.objects.select_for_update().get(series=series, year=year)
    counter.last_number += 1
    counter.save(update_fields=["last_number"])
    return f"{series}-{year}-{counter.last_number:06d}"
