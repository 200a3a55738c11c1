"""Which months left, for the console."""

from collections.abc import Iterator

from orders.archiving.detach import is_detached
from orders.archiving.month_tables import has_tables
from orders.partitioning.months import Month
from orders.partitioning.tables import fetch_all

_SQL = "SELECT month, count(*) FROM orders_archived_order WHERE parent_id IS NULL GROUP BY month ORDER BY month"


def describe_archives() -> Iterator[str]:
    """A line for each month, and what somebody has to do about it, if anything."""
    for text, count in fetch_all(_SQL):
        month = Month.parse(text)
        if not has_tables(month):
            yield f"{month}: {count:,} orders are archived"
        elif is_detached(month):
            yield f"{month}: {count:,} orders are detached: `archive` writes them to files, `restore` brings them back"
        else:
            yield f"{month}: {count:,} orders are detached and others are not: run `detach` or `restore` again"
