"""A table that grows for ever becomes one of months, while orders come in.

The table that there is becomes the partition of the past, up to a month that begins soon; nothing is copied. What takes
long (looking through all rows for the new rule, building an index, checking foreign keys) is done beside the running
shop; what needs the table for itself is one short transaction.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from orders.partitioning.ensure import add_month, ensure_months
from orders.partitioning.locked import PartitioningFailed, with_lock
from orders.partitioning.months import Month
from orders.partitioning.order_numbers import NUMBERS, UNIQUE, UNIQUE_MEANWHILE, keep_numbers
from orders.partitioning.tables import (
    ORDERS,
    PAST,
    REST,
    TABLES,
    ForeignKey,
    fetch_all,
    foreign_keys_of,
    foreign_keys_to,
    indexes_of,
    is_partitioned,
    quoted,
    run_sql,
    server_version,
    triggers_of,
    unvalidated_keys,
)

Progress = Callable[[str], None]
# Older servers take no foreign key of a partitioned table without looking through it under its lock, and until the
# minor releases of May 2025 kept one that points at its own table wrongly (release notes of 14.18 to 17.5).
LEAST_SERVER = 180_000
# Rows are looked through before the months begin: that must be over by then, on a table of any size.
_NOTICE = timedelta(days=2)
_RULE = "of_the_past"
_BOUND = re.compile(r"id < '([0-9a-f-]{36})'")


class ServerIsTooOld(PartitioningFailed):
    """PostgreSQL before 18."""


def convert_tables(now: datetime, progress: Progress) -> None:
    """Cut TABLES into months. Interrupted at any point it goes on where it was; where all is done it changes nothing.

    Args: `now` in UTC, from the database's clock; `progress` is told each step in English, for the console.
    Raises: ServerIsTooOld; TablesAreBusy where a long transaction keeps it from the moment it needs.
    Locks: each table and those that point at it, for themselves, for one transaction without work on rows.
    """
    if server_version() < LEAST_SERVER:
        raise ServerIsTooOld(f"PostgreSQL {LEAST_SERVER // 10_000} or newer can do this while orders come in.")
    for table in TABLES:
        if is_partitioned(table):
            continue
        if table == ORDERS:
            keep_numbers(progress)
        first = _bound_the_past(table, now, progress)
        # The next table's past can only join it with a key that was looked through.
        _validate_keys(progress)
        progress(f"{table}: becoming months, the first of them {first}")
        _swap(table, first)
    _validate_keys(progress)
    for made in ensure_months(now):
        progress(f"{made}: made")
    for table in TABLES:  # of a partitioned table only ANALYZE by name gathers statistics
        run_sql(f"ANALYZE {quoted(table)}")


def _validate_keys(progress: Progress) -> None:
    """Reads go on meanwhile, and so do writes."""
    for owner, name in unvalidated_keys():
        progress(f"{owner}: checking {name}")
        run_sql(f"ALTER TABLE {owner} VALIDATE CONSTRAINT {quoted(name)}")


def _bound_the_past(table: str, now: datetime, progress: Progress) -> Month:
    """Have PostgreSQL know that all rows are of before a month, which must not have begun."""
    earliest = Month.of(now + _NOTICE).later(1)
    bound = _bound_of(table)
    if bound is not None and bound != str(earliest.first_id):  # of an attempt long ago
        with_lock((table,), lambda: run_sql(f"ALTER TABLE {quoted(table)} DROP CONSTRAINT {_RULE}"))
        bound = None
    if bound is None:
        rule = f"ADD CONSTRAINT {_RULE} CHECK (id < '{earliest.first_id}') NOT VALID"
        with_lock((table,), lambda: run_sql(f"ALTER TABLE {quoted(table)} {rule}"))
    progress(f"{table}: looking through all rows")
    run_sql(f"ALTER TABLE {quoted(table)} VALIDATE CONSTRAINT {_RULE}")
    return earliest


def _bound_of(table: str) -> str | None:
    sql = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND conname = %s"
    found = fetch_all(sql, table, _RULE)
    bound = _BOUND.search(found[0][0]) if found else None
    return bound[1] if bound else None


def _swap(table: str, first: Month) -> None:
    own, inbound = foreign_keys_of(table), foreign_keys_to(table)
    indexes, triggers = indexes_of(table), triggers_of(table)

    def swap() -> None:
        for key in inbound:
            run_sql(f"ALTER TABLE {key.table} DROP CONSTRAINT {quoted(key.name)}")
        _step_aside(table, own, [name for name, _ in indexes], [name for name, _ in triggers])
        _make_parent(table, own, indexes, triggers)
        past = quoted(f"{table}_{PAST}")
        run_sql(
            f"ALTER TABLE {quoted(table)} ATTACH PARTITION {past} FOR VALUES FROM (MINVALUE) TO ('{first.first_id}')"
        )
        run_sql(f"ALTER TABLE {past} DROP CONSTRAINT {_RULE}")
        for key in own:
            if _is_of(key, table):
                _add_key(table, key)
        add_month(table, first)
        # A machine whose clock is far ahead makes ids that no month is ready for: its orders are not lost.
        run_sql(f"CREATE TABLE {quoted(f'{table}_{REST}')} PARTITION OF {quoted(table)} DEFAULT")
        for key in inbound:
            _add_key(key.table, key)

    with_lock((table, *dict.fromkeys(key.table for key in inbound)), swap)


def _is_of(key: ForeignKey, table: str) -> bool:
    """Whether it points at its own table."""
    return f" REFERENCES {table}(" in key.definition


def _add_key(table: str, key: ForeignKey) -> None:
    definition = key.definition.removesuffix(" NOT VALID")
    run_sql(f"ALTER TABLE {table} ADD CONSTRAINT {quoted(key.name)} {definition} NOT VALID")


def _step_aside(table: str, own: list[ForeignKey], indexes: list[str], triggers: list[str]) -> None:
    """The old table gives up its name, those of its indexes, and what the new one will give it again."""
    past = f"{table}_{PAST}"
    for name in triggers:
        run_sql(f"DROP TRIGGER {quoted(name)} ON {quoted(table)}")
    for key in own:
        if _is_of(key, table):
            run_sql(f"ALTER TABLE {quoted(table)} DROP CONSTRAINT {quoted(key.name)}")
    if table == ORDERS:
        run_sql(f"ALTER TABLE {quoted(table)} DROP CONSTRAINT {UNIQUE}")
        run_sql(f"ALTER TABLE {NUMBERS} RENAME CONSTRAINT {UNIQUE_MEANWHILE} TO {UNIQUE}")
    run_sql(f"ALTER TABLE {quoted(table)} RENAME TO {quoted(past)}")
    run_sql(f"ALTER TABLE {quoted(past)} RENAME CONSTRAINT {quoted(f'{table}_pkey')} TO {quoted(f'{past}_pkey')}")
    for name in indexes:
        run_sql(f"ALTER INDEX {quoted(name)} RENAME TO {quoted(f'{name}_{PAST}')}")


def _make_parent(
    table: str, own: list[ForeignKey], indexes: list[tuple[str, str]], triggers: list[tuple[str, str]]
) -> None:
    """As empty as it is, everything is made in no time; attaching the past then finds that it has the like."""
    parent, past = quoted(table), quoted(f"{table}_{PAST}")
    run_sql(
        f"CREATE TABLE {parent} (LIKE {past} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED "
        f"INCLUDING IDENTITY INCLUDING STORAGE INCLUDING COMPRESSION INCLUDING COMMENTS) PARTITION BY RANGE (id)"
    )
    run_sql(f"ALTER TABLE {parent} DROP CONSTRAINT {_RULE}")
    run_sql(f"ALTER TABLE {parent} ADD CONSTRAINT {quoted(f'{table}_pkey')} PRIMARY KEY (id)")
    for _name, definition in indexes:
        run_sql(definition)
    for key in own:
        if not _is_of(key, table):
            run_sql(f"ALTER TABLE {parent} ADD CONSTRAINT {quoted(key.name)} {key.definition}")
    for _name, definition in triggers:
        run_sql(definition)
    for grantee, privilege in _grants(past):
        run_sql(f"GRANT {privilege} ON {parent} TO {grantee}")


def _grants(table: str) -> list[tuple[str, str]]:
    """What roles besides the owner may do."""
    sql = """
        SELECT CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END, privilege_type
        FROM pg_class, aclexplode(relacl) WHERE oid = %s::regclass AND grantee <> relowner
    """
    return [(grantee, privilege) for grantee, privilege in fetch_all(sql, table)]
