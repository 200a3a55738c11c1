"""Order numbers stay unique over all months.

An index is of one partition, and a unique one of a whole table must have the column that the table is cut by. So the
numbers get a table of their own, kept by a trigger: whoever writes orders, in whatever statement, need not know of it,
and a month that goes to the archive leaves its numbers behind.
"""

from collections.abc import Callable

from django.db import connection, transaction

from orders.partitioning.locked import with_lock
from orders.partitioning.tables import ORDERS, fetch_all, run_sql, triggers_of

NUMBERS = "orders_order_number"
UNIQUE = "order_number_unique"  # as the orders' own constraint is called: it says what it said before
UNIQUE_MEANWHILE = "order_number_unique_meanwhile"
LOOKED_UP = "order_number"
_TRIGGER = "order_number_taken"
_LOT = 10_000

_TABLE = f"""
CREATE TABLE IF NOT EXISTS {NUMBERS} (
    number varchar(32) CONSTRAINT {UNIQUE_MEANWHILE} PRIMARY KEY,
    order_id uuid NOT NULL
)
"""
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {_TRIGGER}() RETURNS trigger LANGUAGE plpgsql
-- Whoever may write orders needs no rights on the numbers.
SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM {NUMBERS} WHERE number = OLD.number AND order_id = OLD.id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO {NUMBERS} (number, order_id) VALUES (NEW.number, NEW.id);
    END IF;
    RETURN NULL;
END
$$
"""  # noqa: S608 - names of ours
_ON_ORDERS = f"""
CREATE TRIGGER {_TRIGGER} AFTER INSERT OR DELETE OR UPDATE OF number ON {ORDERS}
FOR EACH ROW EXECUTE FUNCTION {_TRIGGER}()
"""
# FOR KEY SHARE: an order that is deleted meanwhile has either no number here, or is seen by the trigger.
_COPY = f"""
WITH lot AS (
    SELECT number, id FROM {ORDERS} WHERE id > %s ORDER BY id LIMIT {_LOT} FOR KEY SHARE
), copied AS (
    INSERT INTO {NUMBERS} (number, order_id) SELECT number, id FROM lot ON CONFLICT DO NOTHING
)
SELECT count(*), max(id::text) FROM lot
"""  # noqa: S608 - names of ours

# Those of orders that left before the tables had months stay taken.
_COPY_ARCHIVED = f"""
INSERT INTO {NUMBERS} (number, order_id) SELECT number, id FROM orders_archived_order ON CONFLICT DO NOTHING
"""  # noqa: S608 - names of ours


def keep_numbers(progress: Callable[[str], None]) -> None:
    """Make the table of numbers, have new orders write to it, and copy those of all there are, in lots. Again, it goes
    on where it was. Locks: the orders' table for the moment of making the trigger; a lot's orders against deletion."""
    run_sql(_TABLE)
    run_sql(_FUNCTION)
    if all(trigger.name != _TRIGGER for trigger in triggers_of(ORDERS)):
        with_lock((ORDERS,), lambda: run_sql(_ON_ORDERS), mode="SHARE ROW EXCLUSIVE")
    with connection.schema_editor(atomic=False) as editor:  # which takes away what an interrupted build has left
        editor.execute(f"CREATE INDEX CONCURRENTLY {LOOKED_UP} ON {ORDERS} (number)")
    run_sql(_COPY_ARCHIVED)
    copied, last = 0, "00000000-0000-0000-0000-000000000000"
    while True:
        with transaction.atomic():
            ((count, newest),) = fetch_all(_COPY, last)
        copied += count
        if count < _LOT:
            return
        last = newest
        if copied % (_LOT * 50) == 0:
            progress(f"{copied:,} order numbers copied")
