"""A user who browses, orders, pays and cancels over HTTP."""

import random
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import uuid4

from locust import FastHttpUser, constant_pacing

from loadtest.conditions import check_host, read_conditions
from loadtest.names import BROWSE, CANCEL, LOOK_AGAIN, PAY, PLACE, SOLD_OUT, request_name
from loadtest.shape import ProfileShape
from loadtest.shop import API, Goods, Shop, popular, read_shop

PACE_SECONDS = 1.0


class Buyer(FastHttpUser):
    """Does one thing a second, unless the answers take longer. Requests are named "<what> @ <stage>"."""

    abstract = True
    wait_time = constant_pacing(PACE_SECONDS)
    connection_timeout = 20.0
    network_timeout = 20.0
    chance: ClassVar[random.Random] = random.Random(5)
    shop: ClassVar[Shop | None] = None

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        self.conditions = read_conditions()
        self.signed_in = {"Authorization": f"Api-Key {self.conditions.api_key}"}
        if Buyer.shop is None:
            Buyer.shop = read_shop(check_host(self.host), self.conditions.api_key)
        self.goods, self.customers = Buyer.shop.goods, Buyer.shop.customers

    def popular(self) -> Goods:
        """What everybody wants under contention."""
        return popular(self.goods, self.conditions.variant)

    def some_goods(self, most: int) -> list[Goods]:
        """One to `most` different ones."""
        return self.chance.sample(self.goods, self.chance.randint(1, min(most, len(self.goods))))

    def browse(self, what: str, path: str) -> None:
        self.client.get(f"{API}{path}", headers=self.signed_in, name=_name(f"{BROWSE} {what}"))

    def place(self, goods: list[Goods]) -> str | None:
        """Order one unit of each; the order's id, or None when it was refused.

        A refusal for want of stock is a failure, unless one of the variants really has nothing left.
        """
        body = {
            "customer": self.chance.choice(self.customers),
            "items": [{"variant": one.id, "quantity": 1} for one in goods],
        }
        headers = self.signed_in | {"Idempotency-Key": str(uuid4())}
        path = f"{API}/orders"
        with self.client.post(path, json=body, headers=headers, name=_name(PLACE), catch_response=True) as answer:
            if answer.status_code == HTTPStatus.CREATED:
                return str(answer.json()["id"])
            if answer.status_code == HTTPStatus.CONFLICT and self._sold_out(goods):
                answer.request_meta["name"] = _name(SOLD_OUT)
                answer.success()
            else:
                answer.failure(f"{answer.status_code}: {(answer.text or '')[:200]}")
        return None

    def pay(self, order_id: str) -> None:
        path = f"{API}/orders/{order_id}/payment"
        self.client.patch(path, json={"status": "paid"}, headers=self.signed_in, name=_name(PAY))

    def cancel(self, order_id: str) -> None:
        self.client.delete(f"{API}/orders/{order_id}", headers=self.signed_in, name=_name(CANCEL))

    def _sold_out(self, goods: list[Goods]) -> bool:
        """Whether one of them has nothing left by now."""
        return any(self._available(one) == 0 for one in goods)

    def _available(self, one: Goods) -> int:
        with self.client.get(
            f"{API}/variants/{one.id}", headers=self.signed_in, name=_name(LOOK_AGAIN), catch_response=True
        ) as answer:
            return int(answer.json()["available"]) if answer.status_code == HTTPStatus.OK else -1


def _name(what: str) -> str:
    return request_name(what, ProfileShape.stage)
