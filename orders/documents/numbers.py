"""Numbers of documents, without a gap: INV-2026-000001, INV-2026-000002 …"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from orders.models.invoice import Invoice, InvoiceKind, InvoiceSeries
from orders.models.sales import ArchivedOrder
from shared.clock import day_of
from shared.errors import Refusal

SERIES = {InvoiceKind.INVOICE: "INV", InvoiceKind.CREDIT_NOTE: "CN"}


class NumberedAfter(Refusal):
    code = "invoices_numbered_after"
    title = _("Other invoices are numbered after theirs")


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


def begin_numbers_anew(order_ids: Collection[UUID]) -> None:
    """Where the documents of these orders are about to go, the next one is the first: whoever issues one meanwhile
    waits for the series and finds its number 0. Nothing where they have none. Raises NumberedAfter where they are not
    all that there are. Locks: the series; call it with the orders locked."""
    if not Invoice.objects.filter(order__in=order_ids).exists():
        return
    series = [one.pk for one in InvoiceSeries.objects.select_for_update().order_by("pk")]
    in_the_archive = ArchivedOrder.objects.exclude(documents=[])
    if Invoice.objects.exclude(order__in=order_ids).exists() or in_the_archive.exists():
        raise NumberedAfter
    InvoiceSeries.objects.filter(pk__in=series).update(last_number=0)
