"""After a restore: numbers that were given to orders which are gone are not given out again."""

from typing import Final

from django.db import connection

from orders.models.order import NUMBER_SEQUENCE

# A provider that another Kontor uses, too, may name any number: no shop loses so many orders.
MOST_LOST: Final = 1_000_000
_LIFT: Final = f"""
SELECT setval(%(sequence)s, %(number)s) FROM {NUMBER_SEQUENCE}
WHERE last_value < %(number)s AND %(number)s - last_value <= %(most)s
"""  # noqa: S608 - a constant of ours


def lift_order_numbers(*, above: int) -> bool:
    """Let the next order have a number above that one; False where it has anyway."""
    with connection.cursor() as cursor:
        cursor.execute(_LIFT, {"sequence": NUMBER_SEQUENCE, "number": above, "most": MOST_LOST})
        return cursor.fetchone() is not None
