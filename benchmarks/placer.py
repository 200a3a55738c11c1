"""Placing one order after the other in this process, without a web server between."""

import io
import json
import random
import sys
from collections.abc import Callable

from benchmarks import traffic
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
    """The same as a POST handed to the WSGI application: everything but the web server's own work."""
    from benchmarks.shop import CUSTOMERS, customer_id, variant_id
    from config.wsgi import application
    from shared.ids import new_id

    chance = random.Random(seed)

    def place() -> None:
        picked = [variant_id(number) for number in chance.sample(variants, lines)]
        body = json.dumps(traffic.order_body(customer_id(chance.randint(1, CUSTOMERS)), picked)).encode()
        environ = _environ(stage.shop.secret, str(new_id()), body)
        answer = application(environ, _expect_created)
        for _ in answer:
            pass
        answer.close()

    return place


def _expect_created(status: str, headers: object, error: object = None) -> None:
    if not status.startswith("201"):
        raise RuntimeError(f"Not placed: {status}")


def _environ(secret: str, key: str, body: bytes) -> dict[str, object]:
    return {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": traffic.PATH,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_AUTHORIZATION": f"Api-Key {secret}",
        "HTTP_IDEMPOTENCY_KEY": key,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
