"""Many orders that were not paid in time, written by the placing function's own transaction, hundreds at once."""

import random
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from benchmarks.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orders.placing.plan import Plan
    from orders.placing.rows import PlacingRows

TOGETHER = 500


def place_overdue(stage: Stage, *, orders: int, variants: range) -> None:
    """`orders` orders of one unit of one random variant each, so as many reservations; placed an hour ago, overdue."""
    from orders.placing.attempt import write_together

    rows = _rows(stage, orders, variants)
    while together := list(islice(rows, TOGETHER)):
        write_together(together)


def _rows(stage: Stage, orders: int, variants: range) -> "Iterator[PlacingRows]":
    from benchmarks.shop import CUSTOMERS, customer_id
    from orders.placing.rows import rows_of
    from shared.clock import database_now
    from shared.ids import new_id

    chance = random.Random(11)
    plans = [_plan(number) for number in variants]
    placed_at = database_now() - timedelta(hours=1)
    for _ in range(orders):
        yield rows_of(
            chance.choice(plans),
            order_id=new_id(),
            customer_id=customer_id(chance.randint(1, CUSTOMERS)),
            note="",
            actor=stage.shop.actor,
            key=None,
            fingerprint="",
            now=placed_at,
        )


def _plan(number: int) -> "Plan":
    from benchmarks.shop import customer_id, variant_id
    from inventory.sellable_variants import read_sellables
    from orders.placing.plan import make_plan
    from orders.placing.requested_lines import PlaceOrder, PlaceOrderLine, sum_lines

    line = PlaceOrderLine(str(variant_id(number)), 1)
    request = PlaceOrder(customer_id(1), (line,))
    return make_plan(request, sum_lines(request.lines, read_sellables([line.variant])))
