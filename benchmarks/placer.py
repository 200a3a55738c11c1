"""The placing function as a caller without HTTP sees it."""

import random
from collections.abc import Callable

from benchmarks.stage import Stage


def placer(stage: Stage, *, lines: int, variants: range, seed: int) -> Callable[[], None]:
    """A function that places one order of `lines` of the `variants`, one unit each, with a fresh key."""
    from benchmarks.shop import CUSTOMERS, customer_id, variant_id
    from orders.placing_plan import PlaceOrder, PlaceOrderLine
    from orders.services.place_order import place_order
    from shared.ids import new_id

    chance = random.Random(seed)

    def place() -> None:
        picked = chance.sample(variants, lines)
        wanted = tuple(PlaceOrderLine(str(variant_id(number)), 1) for number in picked)
        request = PlaceOrder(customer_id(chance.randint(1, CUSTOMERS)), wanted)
        place_order(request=request, actor=stage.shop.actor, idempotency_key=str(new_id()))

    return place
