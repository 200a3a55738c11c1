"""How the tables stand, for the console."""

from collections.abc import Iterator
from datetime import datetime

from orders.partitioning.bound import left_bounds
from orders.partitioning.ensure import MONTHS_AHEAD
from orders.partitioning.months import Month, month_of_table
from orders.partitioning.tables import REST, TABLES, fetch_all, is_partitioned, partitions_of, quoted, unvalidated_keys


def describe_partitions(now: datetime) -> Iterator[str]:
    """A line for each table and partition, then what somebody has to do, if anything."""
    worries = []
    for table in TABLES:
        if not is_partitioned(table):
            yield f"{table}: one table. `manage.py partitions convert` cuts it into months."
            continue
        partitions = partitions_of(table)
        newest = max(filter(None, (month_of_table(each.name) for each in partitions)))
        yield f"{table}: months up to {newest}"
        for each in partitions:
            yield f"  {each.name:<36} {each.rows:>12,} rows (estimated)  {each.bytes / 1024**2:>10,.1f} MB"
        if newest < Month.of(now).later(1):
            worries.append(f"{table} has no month after {newest}: run `manage.py partitions ensure`.")
        if has_rest(table):
            worries.append(
                f"{table}_{REST} has rows: of a clock that is more than {MONTHS_AHEAD} months ahead, or of a "
                "month that was not made. Each moves into its month when that is made."
            )
    worries += [f"{table}: `convert` did not end; run it again." for table in left_bounds()]
    worries += [f"{owner}: {name} is not checked yet: run `convert` again." for owner, name in unvalidated_keys()]
    yield from worries


def has_rest(table: str) -> bool:
    """Whether there are rows that no month was ready for."""
    return fetch_all(f"SELECT EXISTS (SELECT FROM {quoted(f'{table}_{REST}')})")[0][0]  # type: ignore[no-any-return]  # noqa: S608
