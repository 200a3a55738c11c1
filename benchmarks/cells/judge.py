"""What is there after all of it, once the reservations have run out: nothing oversold, and no order by halves."""

import json
import subprocess
from collections import Counter, defaultdict
from dataclasses import dataclass

import psycopg

from benchmarks.cells.entry import Entry
from benchmarks.cells.stage import SCARCE, Cells, manage
from benchmarks.shop import SOLD_OUT, VARIANTS, variant_id

_AGE = "interval '16 minutes'"  # more than a reservation lasts
_LET_TIME_PASS = [
    f"UPDATE orders_reservation SET expires_at = expires_at - {_AGE} WHERE status = 'active'",
    f"UPDATE orders_order SET payment_expires_at = payment_expires_at - {_AGE} WHERE status = 'PENDING'",
    f"UPDATE cells_parent SET reserved_until = reserved_until - {_AGE}",
]
_SUB_ORDERS = """
    SELECT split_part(used.key, '/', 1), placed.status, placed.payment_status FROM orders_idempotency_key AS used
    JOIN orders_order AS placed ON placed.id = used.order_id WHERE used.key LIKE '%/%'
"""
_SOLD = """
    SELECT item.variant_id, sum(item.quantity) FROM orders_order_item AS item
    JOIN orders_order AS placed ON placed.id = item.order_id WHERE placed.status <> 'CANCELLED' GROUP BY 1
"""


@dataclass(frozen=True)
class Verdict:
    """`states`: how many parents ended how. All others must be 0."""

    states: Counter[str]
    unfinished: int
    half_orders: int
    oversold: int
    discrepancies: int
    still_held: int

    @property
    def faults(self) -> int:
        return self.unfinished + self.half_orders + self.oversold + self.discrepancies + self.still_held


def judge(cells: Cells) -> Verdict:
    """Recover what dead entries left, let the reservations run out, sweep, and look."""
    entry = Entry(cells.cells, cells.secret)
    entry.recover()
    for cell in cells.cells:
        with psycopg.connect(cell.url) as database:
            for statement in _LET_TIME_PASS:
                database.execute(statement)
        manage(cell, "expire_unpaid_orders")
    entry.recover()
    entry.close()
    return _verdict(cells)


def _verdict(cells: Cells) -> Verdict:
    parents: dict[str, tuple[str, int]] = {}
    sub_orders: dict[str, list[tuple[str, str]]] = defaultdict(list)
    oversold = still_held = 0
    scarce = _scarce()
    for cell in cells.cells:
        with psycopg.connect(cell.url) as database:
            for key, state, number in database.execute("SELECT key, state, cells FROM cells_parent"):
                parents[key] = (state, number)
            for key, *states in database.execute(_SUB_ORDERS):
                sub_orders[key].append((states[0], states[1]))
            oversold += sum(units > SCARCE for variant, units in database.execute(_SOLD) if str(variant) in scarce)
            [(held,)] = database.execute("SELECT count(*) FROM orders_reservation WHERE status = 'active'").fetchall()
            still_held += held
    ended = {key: state for key, (state, _) in parents.items()}
    halves = [key for key, of_it in sub_orders.items() if not _is_whole(parents.get(key, ("", 0)), of_it)]
    return Verdict(
        Counter(ended.values()),
        sum(state not in ("settled", "refused", "expired") for state in ended.values()),
        len(halves),
        oversold,
        sum(_discrepancies(cells, number) for number in range(len(cells.cells))),
        still_held,
    )


def _is_whole(parent: tuple[str, int], sub_orders: list[tuple[str, str]]) -> bool:
    """Every sub-order is paid, or none is and none is left."""
    state, number = parent
    if state == "settled":
        return sub_orders == [("CONFIRMED", "PAID")] * number
    return all(status == "CANCELLED" and payment in ("PENDING", "FAILED") for status, payment in sub_orders)


def _scarce() -> set[str]:
    return {str(variant_id(number)) for number in range(VARIANTS + 1, VARIANTS + SOLD_OUT + 1)}


def _discrepancies(cells: Cells, number: int) -> int:
    try:
        report = manage(cells.cells[number], "audit", "--json")
    except subprocess.CalledProcessError as error:
        report = error.stdout
    return sum(check["severity"] == "discrepancy" and check["count"] for check in json.loads(report)["checks"])
