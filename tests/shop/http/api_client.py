"""Whoever talks to the API over HTTP, through the whole stack of middleware."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.shop.http.declared import check_declared
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


@dataclass
class Caller:
    """Sends `authorization` with every request; None is anonymous. Paths are below /api/v1."""

    authorization: str | None = None
    user: User | None = None
    customer: Customer | None = None
    api_key: ApiKey | None = None

    def send(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, **query: Any
    ) -> HttpResponse:
        """Send `body` as JSON, or as it is when it is bytes."""
        signed = {"Authorization": self.authorization} if self.authorization else {}
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return _CLIENT.generic(
            method,
            path if path.startswith(("/api", "http")) else BASE + path,
            data,
            content_type=(headers or {}).pop("Content-Type", "application/json"),
            headers=signed | (headers or {}),
            query_params=query or None,
        )

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.send("GET", path, **query)

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.send("POST", path, body, headers=_spelled(headers))

    def patch(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.send("PATCH", path, body, headers=_spelled(headers))

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self.send("DELETE", path, headers=_spelled(headers))

    def place(self, body: Any, key: str | None = None) -> HttpResponse:
        """POST /orders."""
        return self.post("/orders", body, **({} if key is None else {"idempotency_key": key}))

    def pay(self, order: dict[str, Any], **facts: Any) -> HttpResponse:
        return self.patch(f"/orders/{order['id']}/payment", {"status": "paid", **facts})

    def read(self, order: dict[str, Any]) -> dict[str, Any]:
        """The order as it is now."""
        return ok(self.get(f"/orders/{order['id']}"))


def login(user: User) -> Caller:
    """A person's login, by token."""
    return Caller("Bearer " + issue_tokens(user)["access"], user, Customer.objects.filter(user=user).first())


def machine(owner: User, *scopes: str) -> Caller:
    """A key of `owner`."""
    key, secret = create_api_key(owner=owner, name="till", scopes=list(scopes))
    return Caller(f"Api-Key {secret}", owner, api_key=key)


def ok(response: HttpResponse, status: int = 200) -> dict[str, Any]:
    """The body of an answer that must have this status, one that OpenAPI declares."""
    assert response.status_code == status, response.content[:2000]
    check_declared(response)
    body: dict[str, Any] = json.loads(response.content)
    return body


def refused(response: HttpResponse, status: int, code: str) -> dict[str, Any]:
    """The problem details of an answer that must be this refusal."""
    body = ok(response, status)
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
