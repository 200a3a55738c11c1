"""Many orders, written by the placing function's own transaction, hundreds at once."""

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
    place_many(stage, orders=orders, variants=variants, lines=1, age=timedelta(hours=1))


def place_many(stage: Stage, *, orders: int, variants: range, lines: int, age: timedelta = timedelta()) -> None:
    """Orders of one unit each of so many random variants, placed so long ago."""
    from orders.placing.attempt import write_together

    rows = _rows(stage, orders, variants, lines, age)
    while together := list(islice(rows, TOGETHER)):
        write_together(together)


def _rows(stage: Stage, orders: int, variants: range, lines: int, age: timedelta) -> "Iterator[PlacingRows]":
    from benchmarks.shop import CUSTOMERS, customer_id
    from orders.placing.rows import rows_of
    from shared.clock import database_now
    from shared.ids import new_id

    chance = random.Random(11)
    plans = [_plan([first, *chance.sample(variants, lines - 1)]) for first in variants]
    placed_at = database_now() - age
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
            limits=None,
        )


def _plan(numbers: list[int]) -> "Plan":
    from benchmarks.shop import customer_id, variant_id
    from inventory.sellable_variants import read_sellables
    from orders.placing.plan import make_plan
    from orders.placing.requested_lines import PlaceOrder, PlaceOrderLine, sum_lines

    lines = tuple(PlaceOrderLine(str(variant_id(number)), 1) for number in dict.fromkeys(numbers))
    request = PlaceOrder(customer_id(1), lines)
    return make_plan(request, sum_lines(request.lines, read_sellables([line.variant for line in lines])))
