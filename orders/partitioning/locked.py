"""Locks on whole tables, asked for so briefly that nobody behind them waits long."""

import time
from collections.abc import Callable, Sequence

from django.db import OperationalError, connection, transaction

from orders.partitioning.tables import ORDERS, quoted
from shared.database.conflicts import DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE, QUERY_CANCELED, sqlstate

# Whoever comes after a request for a table's lock waits behind it: so long at most, then it steps back and lets them
# pass. Below deadlock_timeout, so a ring of waits ends here and not in somebody's order.
_PATIENCE_MS = 100
_PAUSE_SECONDS = 0.5
# Some minutes: for an operator who waits for it. A job comes again the next night.
PATIENT, BRIEFLY = 600, 40
_MEANWHILE = frozenset({LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED, QUERY_CANCELED})


class PartitioningFailed(Exception):
    """Says in English, for the console, what is in the way; what was done until then stays, and is gone on from."""


class TablesAreBusy(PartitioningFailed):
    """Somebody holds on to them: a long transaction, a dump, another migration."""


def with_lock(
    tables: Sequence[str], work: Callable[[], None], *, mode: str = "ACCESS EXCLUSIVE", tries: int = PATIENT
) -> None:
    """Run `work` in one transaction that has these tables in `mode`. Tries again every half second; raises
    TablesAreBusy."""
    for _ in range(tries):
        try:
            with transaction.atomic(durable=True), connection.cursor() as cursor:
                # Whoever changes an order begins with the orders' table, so behind this one nobody holds a table that
                # we want next and wants one that we have. The limit is that of all waits of a statement together.
                cursor.execute(f"SET LOCAL statement_timeout = '{_PATIENCE_MS}ms'")
                cursor.execute(f"LOCK TABLE {quoted(ORDERS)} IN EXCLUSIVE MODE")
                cursor.execute(f"LOCK TABLE {', '.join(map(quoted, tables))} IN {mode} MODE")
                cursor.execute(f"SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '{_PATIENCE_MS}ms'")
                work()
                return
        except OperationalError as error:
            if sqlstate(error) not in _MEANWHILE:
                raise
        time.sleep(_PAUSE_SECONDS)
    raise TablesAreBusy(f"Nobody lets go of {', '.join(tables)}. Look for long transactions (pg_stat_activity).")
