"""A variant whose stock has one row a unit."""

from pathlib import Path

MOST_A_SECOND = 12_000  # units, more than any run sells
DRAINED = 6
SETUP = Path(__file__).parent / "sql" / "unit_setup.sql"

# Every unit's item has as many units as were ordered, by its reservation and by the units' ledger.
_WRONG = """
SELECT count(*) FROM (
    SELECT item_id, level_id, count(*) AS units FROM spike_unit WHERE item_id IS NOT NULL GROUP BY item_id, level_id
) AS taken
FULL JOIN (
    SELECT order_item_id AS item_id, level_id, quantity FROM spike_unit_movement
) AS moved USING (item_id, level_id)
FULL JOIN (
    SELECT item_id, level_id, quantity AS held FROM orders_reservation
    WHERE level_id IN (SELECT level_id FROM spike_unit)
) AS hold USING (item_id, level_id)
WHERE (units, quantity) IS DISTINCT FROM (held, held)
"""
# As the audit wants it; what a ledger with versions and balances would have needed one hot row for.
_FOLD = """
WITH moved AS (
    SELECT movement.*, row_number() OVER steps AS place, sum(quantity) OVER steps AS sold
    FROM spike_unit_movement AS movement
    WINDOW steps AS (PARTITION BY level_id ORDER BY created_at, id ROWS UNBOUNDED PRECEDING)
), ledger AS (
    INSERT INTO inventory_stock_movement (id, level_id, level_version, kind, quantity, on_hand_after, reserved_after,
                                        order_item_id, actor_id, reason, created_at)
    SELECT moved.id, level_id, version + place, 'reserve', quantity, on_hand, reserved + sold,
           order_item_id, actor_id, '', moved.created_at
    FROM moved JOIN inventory_stock_level AS level ON level.id = level_id
)
UPDATE inventory_stock_level AS level
SET reserved = reserved + total, version = version + movements
FROM (SELECT level_id, sum(quantity) AS total, count(*) AS movements FROM moved GROUP BY level_id) AS sums
WHERE level.id = sums.level_id
"""


def set_up() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(SETUP.read_text("utf-8"))


def top_up(variant: int, units: int) -> None:
    """Have `units` free rows of the variant, and no dead ones."""
    from django.db import connection

    from benchmarks.shop import level_id

    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO spike_unit (level_id) SELECT %(level)s FROM generate_series(
                1, %(units)s - (SELECT count(*) FROM spike_unit WHERE level_id = %(level)s AND item_id IS NULL)
            )
            """,
            {"level": level_id(variant), "units": units},
        )
        cursor.execute("VACUUM ANALYZE spike_unit")


def count_wrong() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_WRONG)
        return int(cursor.fetchone()[0])


def fold() -> None:
    """Write the units' ledger as the shop's, so that the audit can look at these orders too."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_FOLD)
