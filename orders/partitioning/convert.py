"""A table that grows for ever becomes one of months, while orders come in.

The table that there is becomes the partition of the past, up to a month that begins soon; nothing is copied. What takes
long (looking through all rows for the new rule, building an index, checking foreign keys) is done beside the running
shop; what needs the table for itself is one short transaction.
"""

from collections.abc import Callable

from orders.partitioning.bound import NOTICE, RULE, bound_of, forget_bound
from orders.partitioning.ensure import add_month, ensure_months
from orders.partitioning.keys import add_key, drop_key, is_own, validate_keys
from orders.partitioning.locked import PartitioningFailed, with_lock
from orders.partitioning.months import Month
from orders.partitioning.order_numbers import NUMBERS, UNIQUE, UNIQUE_MEANWHILE, keep_numbers
from orders.partitioning.tables import (
    ORDERS,
    PAST,
    REST,
    TABLES,
    ForeignKey,
    Trigger,
    fetch_all,
    foreign_keys_of,
    foreign_keys_to,
    has_invalid_index,
    indexes_of,
    is_partitioned,
    quoted,
    run_sql,
    server_version,
    triggers_of,
)
from shared.clock import database_now

Progress = Callable[[str], None]
# Older servers take no foreign key of a partitioned table without looking through it under its lock, and until the
# minor releases of May 2025 kept one that points at its own table wrongly (release notes of 14.18 to 17.5).
LEAST_SERVER = 180_000


class ServerIsTooOld(PartitioningFailed):
    """PostgreSQL before 18."""


class NotReady(PartitioningFailed):
    """Somebody took away what the moment needs."""


def convert_tables(progress: Progress) -> None:
    """Cut TABLES into months. Interrupted at any point it goes on where it was; where all is done it changes nothing.

    Args: `progress` is told each step in English, for the console.
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
        try:
            first = _bound_the_past(table, progress)
            # The next table's past can only join it with a key that was looked through.
            validate_keys(progress)
            progress(f"{table}: becoming months, the first of them {first}")
            _swap(table, first)
        finally:
            # What did not become the past must not refuse the orders of the month that comes.
            if not is_partitioned(table):
                forget_bound(table)
    validate_keys(progress)
    for made in ensure_months(database_now()):
        progress(f"{made}: made")
    for table in TABLES:  # of a partitioned table only ANALYZE by name gathers statistics
        run_sql(f"ANALYZE {quoted(table)}")


def _bound_the_past(table: str, progress: Progress) -> Month:
    """Have PostgreSQL know that all rows are of before a month, which must not have begun."""
    earliest = Month.of(database_now() + NOTICE).later(1)
    if (bound := bound_of(table)) is not None and bound != earliest.first_id:  # of an attempt long ago
        forget_bound(table)
        bound = None
    if bound is None:
        rule = f"ADD CONSTRAINT {RULE} CHECK (id < '{earliest.first_id}') NOT VALID"
        with_lock((table,), lambda: run_sql(f"ALTER TABLE {quoted(table)} {rule}"))
    progress(f"{table}: looking through all rows")
    run_sql(f"ALTER TABLE {quoted(table)} VALIDATE CONSTRAINT {RULE}")
    return earliest


def _swap(table: str, first: Month) -> None:
    own, inbound = foreign_keys_of(table), foreign_keys_to(table)
    indexes, triggers = indexes_of(table), triggers_of(table)

    def swap() -> None:
        # Else PostgreSQL would look through all rows, or build an index of them, while everybody waits.
        if bound_of(table) != first.first_id or has_invalid_index(table):
            raise NotReady(f"{table}: its rule or an index is not there any more. Run `convert` again.")
        for key in inbound:
            drop_key(key)
        _step_aside(table, own, [name for name, _ in indexes], [trigger.name for trigger in triggers])
        _make_parent(table, own, indexes, triggers)
        past = quoted(f"{table}_{PAST}")
        run_sql(
            f"ALTER TABLE {quoted(table)} ATTACH PARTITION {past} FOR VALUES FROM (MINVALUE) TO ('{first.first_id}')"
        )
        run_sql(f"ALTER TABLE {past} DROP CONSTRAINT {RULE}")
        for key in own:
            if is_own(key, table):
                add_key(table, key)
        add_month(table, first)
        # A machine whose clock is far ahead makes ids that no month is ready for: its orders are not lost.
        run_sql(f"CREATE TABLE {quoted(f'{table}_{REST}')} PARTITION OF {quoted(table)} DEFAULT")
        for key in inbound:
            add_key(key.table, key)

    with_lock((table, *dict.fromkeys(key.table for key in inbound)), swap)


def _step_aside(table: str, own: list[ForeignKey], indexes: list[str], triggers: list[str]) -> None:
    """The old table gives up its name, those of its indexes, and what the new one will give it again."""
    past = f"{table}_{PAST}"
    for name in triggers:
        run_sql(f"DROP TRIGGER {quoted(name)} ON {quoted(table)}")
    for key in own:
        if is_own(key, table):
            drop_key(key)
    if table == ORDERS:
        run_sql(f"ALTER TABLE {quoted(table)} DROP CONSTRAINT {UNIQUE}")
        run_sql(f"ALTER TABLE {NUMBERS} RENAME CONSTRAINT {UNIQUE_MEANWHILE} TO {UNIQUE}")
    run_sql(f"ALTER TABLE {quoted(table)} RENAME TO {quoted(past)}")
    run_sql(f"ALTER TABLE {quoted(past)} RENAME CONSTRAINT {quoted(f'{table}_pkey')} TO {quoted(f'{past}_pkey')}")
    for name in indexes:
        run_sql(f"ALTER INDEX {quoted(name)} RENAME TO {quoted(f'{name}_{PAST}')}")


def _make_parent(table: str, own: list[ForeignKey], indexes: list[tuple[str, str]], triggers: list[Trigger]) -> None:
    """As empty as it is, everything is made in no time; attaching the past then finds that it has the like."""
    parent, past = quoted(table), quoted(f"{table}_{PAST}")
    run_sql(
        f"CREATE TABLE {parent} (LIKE {past} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED "
        f"INCLUDING IDENTITY INCLUDING STORAGE INCLUDING COMPRESSION INCLUDING COMMENTS) PARTITION BY RANGE (id)"
    )
    run_sql(f"ALTER TABLE {parent} DROP CONSTRAINT {RULE}")
    run_sql(f"ALTER TABLE {parent} ADD CONSTRAINT {quoted(f'{table}_pkey')} PRIMARY KEY (id)")
    for _name, definition in indexes:
        run_sql(definition)
    for key in own:
        if not is_own(key, table):
            run_sql(f"ALTER TABLE {parent} ADD CONSTRAINT {quoted(key.name)} {key.definition}")
    for trigger in triggers:
        _make_trigger(parent, trigger)
    for grantee, privilege, may_give in _grants(past):
        run_sql(f"GRANT {privilege} ON {parent} TO {grantee}{' WITH GRANT OPTION' if may_give else ''}")


_SWITCHES = {"D": "DISABLE", "A": "ENABLE ALWAYS", "R": "ENABLE REPLICA"}


def _make_trigger(parent: str, trigger: Trigger) -> None:
    """With what stands beside its definition: whether it is on, and the comment by which pgtrigger knows it."""
    run_sql(trigger.definition)
    if trigger.enabled in _SWITCHES:
        run_sql(f"ALTER TABLE {parent} {_SWITCHES[trigger.enabled]} TRIGGER {quoted(trigger.name)}")
    if trigger.comment:
        comment = trigger.comment.replace("'", "''")
        run_sql(f"COMMENT ON TRIGGER {quoted(trigger.name)} ON {parent} IS '{comment}'")


def _grants(table: str) -> list[tuple[str, str, bool]]:
    """What roles besides the owner may do, and whether they may pass it on."""
    sql = """
        SELECT CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END, privilege_type,
            is_grantable
        FROM pg_class, aclexplode(relacl) WHERE oid = %s::regclass AND grantee <> relowner
    """
    return [(grantee, privilege, may_give) for grantee, privilege, may_give in fetch_all(sql, table)]
