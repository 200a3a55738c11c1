"""Endpoints as their owners make them, and what became of what was sent."""

from typing import Any

from tests.shop.http.api_client import Caller, ok
from tests.shop.servers.webhook_receiver import Receiver, wait_until
from webhooks.models.delivery import Delivery


def endpoint_at(caller: Caller, url: str, *types: str, **more: Any) -> dict[str, Any]:
    """With its secret."""
    body = {"url": url, "types": list(types) or ["*"], **more}
    made: dict[str, Any] = ok(caller.post("/webhook-endpoints", body), 201)
    return made


def try_endpoint(caller: Caller, endpoint: dict[str, Any]) -> dict[str, Any]:
    """A test that is under way."""
    made: dict[str, Any] = ok(caller.post(f"/webhook-endpoints/{endpoint['id']}/test", None), 201)
    return made


def read(caller: Caller, endpoint: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = ok(caller.get(f"/webhook-endpoints/{endpoint['id']}"))
    return found


def all_done(receiver: Receiver) -> None:
    """Nothing is on its way any more."""
    wait_until(lambda: not Delivery.objects.filter(state="pending").exists(), lambda: f"{len(receiver.came)} came")
