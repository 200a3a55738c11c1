"""What happens to orders one after another, and what is read of the shop, as requests handed over in this process."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks import traffic
from benchmarks.requests import call
from benchmarks.stage import Stage


@dataclass(slots=True)
class Caller:
    """A key's requests about orders."""

    stage: Stage
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def place(self) -> str:
        from benchmarks.shop import CUSTOMERS, VARIANTS, customer_id, variant_id
        from shared.ids import new_id

        picked = [variant_id(number) for number in self.chance.sample(range(1, VARIANTS + 1), 3)]
        body = traffic.order_body(customer_id(self.chance.randint(1, CUSTOMERS)), picked)
        secret = self.stage.shop.secret
        return str(call("POST", traffic.PATH, secret=secret, body=body, key=str(new_id()))["id"])

    def send(self, method: str, path: str, body: object = None) -> None:
        call(method, path, secret=self.stage.shop.secret, body=body)


@dataclass(frozen=True, slots=True)
class Step:
    """`act` is done to each of `orders` (ids; for what is read of the whole shop only so often)."""

    name: str
    act: Callable[[str], None]
    orders: list[str]


def life_of_orders(caller: Caller, orders: int) -> Iterator[Step]:
    """The steps in their order: each must be done before the next one is asked for."""
    placed: list[str] = []
    path = traffic.PATH

    def of_order(method: str, rest: str = "", body: object = None) -> Callable[[str], None]:
        return lambda order: caller.send(method, f"{path}/{order}{rest}", body)

    def of_shop(address: str) -> Callable[[str], None]:
        return lambda _order: caller.send("GET", address)

    yield Step("placed", lambda _: placed.append(caller.place()), [""] * orders)
    paid, cancelled = placed[: orders // 2], placed[orders // 2 :]
    yield Step("cancelled", of_order("DELETE"), cancelled)
    yield Step("paid", of_order("PATCH", "/payment", {"status": "paid"}), paid)
    yield Step("moved on", of_order("PATCH", "/status", {"status": "PROCESSING"}), paid)
    yield Step("shipped", of_order("PATCH", "/status", {"status": "SHIPPED"}), paid)
    yield Step("refunded", of_order("POST", "/refunds", {"amount": "1.00", "reason": "late"}), paid)
    yield Step("a constant", of_shop("/api/v1/constant"), placed)
    yield Step("one order", of_order("GET"), placed)
    yield Step("20 orders", of_shop(path), paid)
    yield Step("20 variants", of_shop("/api/v1/variants"), paid)
    yield Step("products with 212 variants", of_shop("/api/v1/products"), paid)


@contextmanager
def constant_view() -> Iterator[None]:
    """Its address is there besides Kontor's own."""
    from django.conf import settings

    usual, settings.ROOT_URLCONF = settings.ROOT_URLCONF, "benchmarks.constant"
    try:
        yield
    finally:
        settings.ROOT_URLCONF = usual
