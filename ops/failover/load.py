"""Buyers who order as long as the disaster lasts, and who come again with their key until they have an answer."""

import random
import threading
import time
from dataclasses import dataclass, field
from itertools import pairwise
from types import TracebackType
from typing import Final
from uuid import uuid4

from ops.failover.asking import Answer, ask
from ops.failover.cluster import wait_for
from ops.failover.shop import Shop

BUYERS: Final = 12
PAUSE_SECONDS: Final = 0.1  # between tries of one order, and between orders of one buyer
PAID_SHARE: Final = 0.3
LAST_TRY_SECONDS: Final = 120
LOOK_SECONDS: Final = 0.2
PLACED: Final = (200, 201)


@dataclass
class Told:
    """What buyers were told: the order of each key, all of them when a key was answered with several."""

    orders: dict[str, set[str]] = field(default_factory=dict)
    given_up: list[str] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    slowest: float = 0.0
    slowest_health: float = 0.0
    odd: list[str] = field(default_factory=list)

    @property
    def acknowledged(self) -> set[str]:
        return {order for orders in self.orders.values() for order in orders}

    def gap(self) -> float:
        """The longest time in which nobody was told that an order is placed; seconds."""
        moments = sorted(self.moments)
        return max((later - earlier for earlier, later in pairwise(moments)), default=0.0)


class Load:
    """`with Load(shop) as load:`; at its end each buyer has an answer to what it asked, or has given up."""

    def __init__(self, shop: Shop) -> None:
        self.told = Told()
        self._shop = shop
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._settled = threading.Event()
        self._buyers = [threading.Thread(target=self._buy, args=[number], daemon=True) for number in range(BUYERS)]
        self._looker = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Load":
        for thread in (*self._buyers, self._looker):
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for thread in self._buyers:
            thread.join()
        self._settled.set()
        self._looker.join()

    def wait_for_orders(self, number: int, *, seconds: float) -> None:
        """Until so many more were acknowledged. Raises DrillError."""
        wanted = len(self.told.moments) + number
        wait_for(lambda: len(self.told.moments) >= wanted, f"{number} more orders are placed", seconds=seconds)

    def _buy(self, number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - who buys what
        while not self._over.is_set():
            lines = [{"variant": chance.choice(self._shop.variants), "quantity": chance.randint(1, 3)}]
            body = {"customer": chance.choice(self._shop.customers), "items": lines}
            order = self._place(body)
            if order and chance.random() < PAID_SHARE:
                self._pay(order)
            time.sleep(PAUSE_SECONDS)

    def _place(self, body: object) -> str:
        """The order's id; "" when there was no answer that says what became of it."""
        key, deadline = str(uuid4()), 0.0
        while not deadline or time.monotonic() < deadline:
            answer = self._ask("POST", "/api/v1/orders", body, key)
            if answer.status in PLACED:
                with self._lock:
                    self.told.orders.setdefault(key, set()).add(answer.body["id"])
                    self.told.moments.append(time.monotonic())
                return str(answer.body["id"])
            if answer.status not in (0, 503):
                self.told.odd.append(f"{answer.status}: {answer.body}")
            deadline = deadline or (time.monotonic() + LAST_TRY_SECONDS)
            time.sleep(PAUSE_SECONDS)
        self.told.given_up.append(key)
        return ""

    def _pay(self, order: str) -> None:
        """By card, at once. Nobody but the books says in the end what was paid."""
        for _ in range(int(LAST_TRY_SECONDS / PAUSE_SECONDS)):
            wanted = {"provider": "sandbox", "method": "card"}
            answer = self._ask("POST", f"/api/v1/orders/{order}/payment-intents", wanted)
            if answer.status not in (0, 503) or self._over.is_set():
                return
            time.sleep(PAUSE_SECONDS)

    def _ask(self, method: str, path: str, body: object, key: str = "") -> Answer:
        headers = {"Authorization": f"Api-Key {self._shop.secret}"} | ({"Idempotency-Key": key} if key else {})
        answer = ask(self._shop.port, method, path, body, **headers)
        self.told.slowest = max(self.told.slowest, answer.seconds)
        return answer

    def _look(self) -> None:
        while not self._settled.is_set():
            answer = ask(self._shop.port, "GET", "/healthz")
            if answer.status != 200:
                self.told.odd.append(f"/healthz: {answer.status}")
            self.told.slowest_health = max(self.told.slowest_health, answer.seconds)
            time.sleep(LOOK_SECONDS)
