"""What compose asks of the image: set up once, serve, work; and an order from the shop that set-up made."""

import json
import time
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from ops.image.containers import EMAIL, PASSWORD, Container, Start

SETUP_SECONDS: Final = 600
READY_SECONDS: Final = 120


class SmokeError(Exception):
    """The image does not do what it must; the text says what it said."""


def try_out(start: Start) -> None:
    """Raises SmokeError."""
    _set_up(start)
    web, worker = start("serve"), start("worker")
    _wait_until_all_work(web, worker)
    token = _ask(web, "POST", "/auth/token", {"email": EMAIL, "password": PASSWORD})["access"]
    variants = _ask(web, "GET", "/variants?is_active=true&limit=100", token=token)["results"]
    variant = next(variant for variant in variants if variant["available"])
    customer = _ask(web, "GET", "/customers?limit=1", token=token)["results"][0]
    order = {"customer": customer["id"], "items": [{"variant": variant["id"], "quantity": 1}]}
    placed = _ask(web, "POST", "/orders", order, token=token)
    paid = _ask(web, "PATCH", f"/orders/{placed['id']}/payment", {"status": "paid"}, token=token)
    if paid["payment_status"] != "PAID":
        raise SmokeError(f"Paid, and yet {paid['payment_status']}.")


def _set_up(start: Start) -> None:
    container = start("prepare")
    said, _ = container.process.communicate(timeout=SETUP_SECONDS)
    if container.process.returncode:
        raise SmokeError(f"Set-up ended with {container.process.returncode}:\n{said[-3000:]}")
    print("set up", flush=True)


def _wait_until_all_work(*containers: Container) -> None:
    give_up_at = time.monotonic() + READY_SECONDS
    answer: Any = None
    while time.monotonic() < give_up_at:
        for container in containers:
            if container.process.poll() is not None:
                said = container.process.stdout.read() if container.process.stdout else ""
                raise SmokeError(f"Ended with {container.process.returncode}:\n{said[-3000:]}")
        try:
            with urlopen(f"http://127.0.0.1:{containers[0].port}/readyz", timeout=2) as response:
                answer = json.load(response)
        except (URLError, TimeoutError, ConnectionError) as error:
            answer = error
        else:
            if answer.get("worker") == "ok":
                print(f"ready: {answer}", flush=True)
                return
        time.sleep(0.3)
    raise SmokeError(f"Not ready after {READY_SECONDS} s: {answer}")


def _ask(container: Container, method: str, path: str, body: object = None, token: str = "") -> Any:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    url = f"http://127.0.0.1:{container.port}/api/v1{path}"
    try:
        with urlopen(Request(url, data, headers, method=method), timeout=30) as response:
            return json.load(response)
    except HTTPError as error:
        raise SmokeError(f"{method} {path}: {error.code} {error.read()[:2000]!r}") from error
