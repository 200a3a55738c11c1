"""Whoever talks to the API over HTTP, through the whole stack of middleware."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from inventory.models.level import StockLevel
from tests.shop.http.answer import Answer
from tests.shop.http.declared import check_declared
from tests.shop.people import Buyer
from users.api.tokens import issue_tokens
from users.models.api_key import ApiKey
from users.models.customer import Customer
from users.models.user import User
from users.services.create_api_key import create_api_key

BASE = "/api/v1"
PROBLEM = "application/problem+json"
# An id that no row has. In the name of a test it must be the same in every process that runs tests.
NOBODYS = "9f3c0c53-7d39-4f0e-9b0c-2d1c9c0a7e11"

# One for all: a client's first request loads the middleware, and WhiteNoise then looks at every static file.
_CLIENT = Client()


class Form:
    """A body as a browser sends a form with files; it may be sent many times."""

    def __init__(self, **fields: Any) -> None:
        self.encoded = encode_multipart(BOUNDARY, fields)


@dataclass
class Caller:
    """Sends `authorization` with every request; None is anonymous. Paths are below /api/v1."""

    authorization: str | None = None
    signed_in: User | None = None
    own_customer: Customer | None = None
    own_key: ApiKey | None = None

    @property
    def user(self) -> User:
        assert self.signed_in is not None, "Nobody is signed in."
        return self.signed_in

    @property
    def customer(self) -> Customer:
        assert self.own_customer is not None, "The login is no customer's."
        return self.own_customer

    @property
    def api_key(self) -> ApiKey:
        assert self.own_key is not None, "That is no key."
        return self.own_key

    def send(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, **query: Any
    ) -> Answer:
        """Send `body` as JSON, as a form when it is one, or as it is when it is bytes."""
        signed = {"Authorization": self.authorization} if self.authorization else {}
        if isinstance(body, Form):
            body, headers = body.encoded, {"Content-Type": MULTIPART_CONTENT} | (headers or {})
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return _CLIENT.generic(
            method,
            path if path.startswith(("/api", "http")) else BASE + path,
            data,
            content_type=(headers or {}).pop("Content-Type", "application/json"),
            headers=signed | (headers or {}),
            query_params=query or None,
        )

    def get(self, path: str, **query: Any) -> Answer:
        return self.send("GET", path, **query)

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        return self.send("POST", path, body, headers=_spelled(headers))

    def patch(self, path: str, body: Any, **headers: str) -> Answer:
        return self.send("PATCH", path, body, headers=_spelled(headers))

    def delete(self, path: str, **headers: str) -> Answer:
        return self.send("DELETE", path, headers=_spelled(headers))

    def place(self, body: Any, key: str | None = None) -> Answer:
        """POST /orders."""
        return self.post("/orders", body, **({} if key is None else {"idempotency_key": key}))

    def pay(self, order: dict[str, Any], **facts: Any) -> Answer:
        return self.patch(f"/orders/{order['id']}/payment", {"status": "paid", **facts})

    def read(self, order: dict[str, Any]) -> dict[str, Any]:
        """The order as it is now."""
        return ok(self.get(f"/orders/{order['id']}"))


def login(user: User | None) -> Caller:
    """A person's login, by token."""
    assert user is not None, "Nobody has no login."
    return Caller("Bearer " + issue_tokens(user)["access"], user, Customer.objects.filter(user=user).first())


def machine(owner: User, *scopes: str) -> Caller:
    """A key of `owner`."""
    key, secret = create_api_key(owner=owner, name="till", scopes=list(scopes))
    return Caller(f"Api-Key {secret}", owner, own_key=key)


def ok(response: Answer, status: int = 200) -> Any:
    """The body of an answer that must have this status, one that OpenAPI declares."""
    assert response.status_code == status, response.content[:2000]
    check_declared(response)
    return json.loads(response.content)


def refused(response: Answer, status: int, code: str) -> dict[str, Any]:
    """The problem details of an answer that must be this refusal."""
    body: dict[str, Any] = ok(response, status)
    assert response["Content-Type"] == PROBLEM
    assert {"type", "title", "status", "detail", "instance", "code"} <= body.keys()
    assert (body["status"], body["code"]) == (status, code)
    assert body["instance"].startswith("/api")
    return body


def pointers(problem: dict[str, Any]) -> list[str]:
    """Where the faults are."""
    return [error["pointer"] for error in problem["errors"]]


def _spelled(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-").title(): value for name, value in headers.items()}


def post_order(secret: str, buyer: Buyer, *lines: tuple[StockLevel, int], key: str | None = None, **named: str) -> Any:
    """POST /orders, with what else is `named`; the response, whatever it is."""
    items = [{"variant": str(level.variant_id), "quantity": units} for level, units in lines]
    headers = {"Authorization": f"Api-Key {secret}"} | ({"Idempotency-Key": key} if key else {})
    return Client(raise_request_exception=False).post(
        "/api/v1/orders",
        {"customer": str(buyer.customer.pk), "items": items, **named},
        content_type="application/json",
        headers=headers,
    )


def staff_key() -> str:
    """A key's secret that places orders."""
    staff = User.objects.create_superuser("staff@example.com")
    return create_api_key(owner=staff, name="till", scopes=["orders:write"])[1]
