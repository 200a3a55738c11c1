"""What a request leaves behind: nothing that only the garbage collector frees, which stops all threads for its work.

Lists are not here: every FilterSet of django-filter and its filters hold each other.
"""

import gc
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponseBase
from django.test import RequestFactory

from orders.models.order import Order
from tests.shop.goods import for_sale
from tests.shop.http.api_client import BASE, Caller


class Server:
    """Django without its test client, which keeps hold of what it sent and got."""

    def __init__(self, caller: Caller) -> None:
        self.handler = BaseHandler()
        self.handler.load_middleware()
        self.requests = RequestFactory(headers={"Authorization": str(caller.authorization)})

    def ask(self, method: str, path: str, body: Any = None) -> int:
        data = b"" if body is None else json.dumps(body)
        request = self.requests.generic(method, BASE + path, data, content_type="application/json")
        answer: HttpResponseBase = self.handler.get_response(request)
        return answer.status_code


@pytest.fixture
def server(staff: Caller) -> Server:
    return Server(staff)


@pytest.fixture
def collector() -> Iterator[None]:
    """Nothing is collected but when asked for, and then it is kept to be looked at."""
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    yield
    gc.set_debug(0)
    gc.garbage.clear()
    gc.enable()


def left_behind() -> list[Any]:
    gc.collect()
    return [kept for kept in gc.garbage if isinstance(kept, HttpRequest | HttpResponseBase)]


@pytest.fixture
def body(order_for: Any) -> dict[str, Any]:
    return order_for((for_sale(on_hand=9), 1))


def test_placing_leaves_nothing(server: Server, body: dict[str, Any], collector: None) -> None:
    assert [server.ask("POST", "/orders", body) for _ in range(3)] == [201] * 3
    assert left_behind() == []


def test_reading_leaves_nothing(server: Server, body: dict[str, Any], collector: None) -> None:
    server.ask("POST", "/orders", body)

    assert server.ask("GET", f"/orders/{Order.objects.get().pk}") == 200
    assert left_behind() == []


def test_a_refusal_leaves_nothing(server: Server, body: dict[str, Any], collector: None) -> None:
    assert [server.ask("POST", "/orders", body | {"items": body["items"] * 10}) for _ in range(2)] == [409] * 2
    assert left_behind() == []
