"""The requests that are measured, as prebuilt bytes."""

import random
from uuid import UUID

from benchmarks.stage import Stage
from benchmarks.web import request

PATH = "/api/v1/orders"
DIFFERENT = 500  # bodies made in advance; clients pick among them


def orders(stage: Stage, *, lines: int, variants: range | None = None) -> list[tuple[str, str]]:
    """Orders of `lines` different variants picked at random, one unit each, by random customers."""
    from benchmarks.shop import CUSTOMERS, VARIANTS, customer_id, variant_id

    chance = random.Random(7)
    numbers = variants or range(1, VARIANTS + 1)
    bodies = []
    for _ in range(DIFFERENT):
        picked = [variant_id(number) for number in chance.sample(numbers, lines)]
        bodies.append(order_body(customer_id(chance.randint(1, CUSTOMERS)), picked))
    return [request("POST", PATH, secret=stage.shop.secret, body=body) for body in bodies]


def orders_over_sellers(stage: Stage) -> list[tuple[str, str]]:
    """Orders of one line of each seller, one unit each, by random customers."""
    from benchmarks.shop import CUSTOMERS, OTHER_SELLERS, VARIANTS, customer_id, variant_id, variants_of_another

    chance = random.Random(7)
    choices = [range(1, VARIANTS + 1), *(variants_of_another(number) for number in range(1, OTHER_SELLERS + 1))]
    bodies = [
        order_body(customer_id(chance.randint(1, CUSTOMERS)), [variant_id(chance.choice(own)) for own in choices])
        for _ in range(DIFFERENT)
    ]
    return [request("POST", PATH, secret=stage.shop.secret, body=body) for body in bodies]


def order_body(customer: UUID, variants: list[UUID]) -> dict[str, object]:
    return {
        "customer": str(customer),
        "items": [{"variant": str(variant), "quantity": 1} for variant in variants],
    }


def replays(stage: Stage, *, keys: int) -> list[tuple[str, str]]:
    """As many orders, each with a key of its own that stays the same."""
    made = orders(stage, lines=3)[:keys]
    return [(f"{before}replay-{number}", after) for number, (before, after) in enumerate(made)]


def gets(stage: Stage, paths: list[str]) -> list[tuple[str, str]]:
    return [request("GET", path, secret=stage.shop.secret) for path in paths]
