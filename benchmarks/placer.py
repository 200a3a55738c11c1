"""Placing one order after the other in this process, without a web server between."""

import random
from collections.abc import Callable

from benchmarks import traffic
from benchmarks.requests import call
from benchmarks.stage import Stage


def placer(stage: Stage, *, lines: int, variants: range, seed: int) -> Callable[[], None]:
    """A function that places one order of `lines` of the `variants`, one unit each, with a fresh key."""
    from benchmarks.shop import CUSTOMERS, customer_id, variant_id
    from orders.placing.requested_lines import PlaceOrder, PlaceOrderLine
    from orders.services.orders.place_order import place_order
    from shared.ids import new_id

    chance = random.Random(seed)

    def place() -> None:
        picked = chance.sample(variants, lines)
        wanted = tuple(PlaceOrderLine(str(variant_id(number)), 1) for number in picked)
        request = PlaceOrder(customer_id(chance.randint(1, CUSTOMERS)), wanted)
        place_order(request=request, actor=stage.shop.actor, idempotency_key=str(new_id()))

    return place


def request_placer(stage: Stage, *, lines: int, variants: range, seed: int) -> Callable[[], None]:
    """The same as a POST handed to the WSGI application."""
    from benchmarks.shop import CUSTOMERS, customer_id, variant_id
    from shared.ids import new_id

    chance = random.Random(seed)

    def place() -> None:
        picked = [variant_id(number) for number in chance.sample(variants, lines)]
        body = traffic.order_body(customer_id(chance.randint(1, CUSTOMERS)), picked)
        call("POST", traffic.PATH, secret=stage.shop.secret, body=body, key=str(new_id()))

    return place
