"""What compose asks of the image: set up once, serve, work; and an order from the shop that set-up made."""

from typing import Any, Final

from ops.failover.asking import Answer, ask
from ops.failover.cluster import DrillError, wait_for
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
    token = _body(web, "POST", "/auth/token", {"email": EMAIL, "password": PASSWORD})["access"]
    variants = _body(web, "GET", "/variants?is_active=true&limit=100", token=token)["results"]
    variant = next(variant for variant in variants if variant["available"])
    customer = _body(web, "GET", "/customers?limit=1", token=token)["results"][0]
    order = {"customer": customer["id"], "items": [{"variant": variant["id"], "quantity": 1}]}
    placed = _body(web, "POST", "/orders", order, token=token)
    paid = _body(web, "PATCH", f"/orders/{placed['id']}/payment", {"status": "paid"}, token=token)
    if paid["payment_status"] != "PAID":
        raise SmokeError(f"Paid, and yet {paid['payment_status']}.")


def _set_up(start: Start) -> None:
    container = start("prepare")
    said, _ = container.process.communicate(timeout=SETUP_SECONDS)
    if container.process.returncode:
        raise SmokeError(f"Set-up ended with {container.process.returncode}:\n{said[-3000:]}")
    print("set up", flush=True)


def _wait_until_all_work(web: Container, worker: Container) -> None:
    last = Answer(0, "", 0)

    def all_work() -> bool:
        nonlocal last
        for container in (web, worker):
            if container.process.poll() is not None:
                said = container.process.stdout.read() if container.process.stdout else ""
                raise SmokeError(f"Ended with {container.process.returncode}:\n{said[-3000:]}")
        last = ask(web.port, "GET", "/readyz")
        return last.status == 200 and last.body.get("worker") == "ok"

    try:
        wait_for(all_work, "web and worker are ready", seconds=READY_SECONDS)
    except DrillError as error:
        raise SmokeError(f"{error}: {last.body}") from error
    print(f"ready: {last.body}", flush=True)


def _body(container: Container, method: str, path: str, body: object = None, token: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = ask(container.port, method, f"/api/v1{path}", body, **headers)
    if answer.status not in (200, 201):
        raise SmokeError(f"{method} {path}: {answer.status} {answer.body}")
    return answer.body
