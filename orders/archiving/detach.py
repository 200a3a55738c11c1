"""A month's orders leave the shop's tables."""

from datetime import datetime
from functools import partial

from orders.archiving.batches import NO_ID, Progress, work_through
from orders.archiving.empty_months import drop_empty_months
from orders.archiving.hanging import read_hanging
from orders.archiving.leaving import move_out
from orders.archiving.month_tables import check_kept_columns, has_tables, make_tables
from orders.archiving.open_orders import IN_MONTH, bounds, check_month
from orders.archiving.remains import has_remains
from orders.partitioning.locked import PartitioningFailed
from orders.partitioning.months import Month
from orders.partitioning.tables import ORDERS, fetch_all, fetch_named

# A year to give things back, and to compare months by, and one more.
LEAST_MONTHS = 13
_COUNT = f"""
SELECT o.currency, count(*), count(*) FILTER (WHERE o.parent_id IS NULL),
    sum(o.total) FILTER (WHERE o.parent_id IS NULL)
FROM {ORDERS} AS o WHERE {IN_MONTH} GROUP BY o.currency ORDER BY o.currency
"""  # noqa: S608 - every part is a constant of ours
_FIND = f"""
SELECT id FROM {ORDERS} WHERE parent_id IS NULL AND id >= %s AND id < %s AND id > %s ORDER BY id LIMIT %s
"""  # noqa: S608 - a constant of ours


class MonthIsArchived(PartitioningFailed):
    """Orders that are of it, and here, would have to join those."""


class MonthIsYoung(PartitioningFailed):
    """Returns, disputes and figures of the last year still ask for it."""


def detach_month(month: Month, *, now: datetime, really: bool, progress: Progress) -> None:
    """Move the month's orders with all that hangs on them into tables of their own, a lot in a transaction; without
    `really` only say what would leave. Interrupted at any point it goes on where it was; where all is done it changes
    nothing.

    Raises MonthIsYoung, MonthIsOpen with all that is open, NothingSaysHow, MonthIsArchived, OtherColumns. Locks: a
    lot's orders; where months are partitions, the tables for the moment of taking away an empty one.
    """
    if month.later(LEAST_MONTHS) > Month.of(now):
        raise MonthIsYoung(f"{month} is younger than {LEAST_MONTHS} months.")
    hanging = read_hanging()
    check_month(month)
    for currency, rows, orders, total in fetch_named(_COUNT, **bounds(month)):
        progress(f"{month}: {orders:,} orders of {total:,.2f} {currency} ({rows:,} with sub-orders)")
    if not really:
        progress(f"They would leave with what hangs on them in {len(hanging.tables) - 1} tables: add --yes.")
        return
    if has_remains(month) and not has_tables(month):
        raise MonthIsArchived(f"{month} is in an archive. Restore it first.")
    make_tables(hanging, month)
    if not is_detached(month):
        check_kept_columns(hanging, month)
    first, after = bounds(month).values()
    done = work_through(_FIND, partial(move_out, month=month, hanging=hanging), progress, first, after)
    progress(f"{month}: {done:,} orders left the shop's tables")
    drop_empty_months(now, progress)


def is_detached(month: Month) -> bool:
    """Whether none of its orders is in the shop's tables."""
    first, after = bounds(month).values()
    return not fetch_all(_FIND, first, after, NO_ID, 1)
