"""A month's orders, some at a time: each lot is a transaction of its own, and whoever is interrupted goes on."""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from django.db import transaction

from orders.partitioning.tables import fetch_all
from shared.database.transactions import retry_transaction

Progress = Callable[[str], None]
NO_ID = "00000000-0000-0000-0000-000000000000"
# What a transaction moves is locked for a tenth of a second or so.
_LOT = 100
_TOLD_AFTER = 50  # lots


def _ignore_again(take: Callable[[str], list[UUID]], after: str, _again: bool) -> list[UUID]:
    return take(after)


def work_through(find: str, work: Callable[[Sequence[UUID]], object], progress: Progress, *values: object) -> int:
    """Call `work` with lots of orders, each in a transaction that is tried again where it met another; return how many
    there were. `find`: a SELECT of ids with %s for `values`, for the last one that was done and for how many."""

    def take_lot(after: str) -> list[UUID]:
        # Found anew by each try: the one before may have committed without our hearing of it.
        with transaction.atomic(durable=True):
            orders = [pk for (pk,) in fetch_all(find, *values, after, _LOT)]
            if orders:
                work(orders)
        return orders

    done, lots, last = 0, 0, NO_ID
    while orders := retry_transaction(partial(_ignore_again, take_lot, last), name="archive_orders"):
        done, lots, last = done + len(orders), lots + 1, str(orders[-1])
        if lots % _TOLD_AFTER == 0:
            progress(f"{done:,} orders")
    return done
