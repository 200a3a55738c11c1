"""`Authorization: Api-Key …`."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.shop.http.api_client import Caller, machine, ok, refused
from tests.shop.people import CustomerFactory, SuperuserFactory, UserFactory
from users.models.api_key import ApiKey, Scope
from users.services.create_api_key import create_api_key
from users.services.revoke_api_key import revoke_api_key


def test_a_key_acts_as_its_owner_within_its_scopes(db: None) -> None:
    key = machine(SuperuserFactory.create(), Scope.CUSTOMERS_READ)
    CustomerFactory.create()

    assert len(ok(key.get("/customers"))["results"]) == 1
    problem = refused(key.post("/customers", {"name": "A", "email": "a@example.com"}), 403, "missing_scope")
    assert "customers:write" in problem["detail"]
    refused(key.get("/users/me"), 403, "missing_scope")


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/users", Scope.USERS_READ),
        ("/users/me", Scope.USERS_READ),
        ("/customers", Scope.CUSTOMERS_READ),
        ("/companies", Scope.CUSTOMERS_READ),
        ("/stock-levels", Scope.STOCK_READ),
        ("/stock-locations", Scope.STOCK_READ),
        ("/orders", Scope.ORDERS_READ),
        ("/order-items", Scope.ORDERS_READ),
    ],
)
def test_every_private_read_asks_for_its_own_scope(db: None, path: str, scope: str) -> None:
    owner = SuperuserFactory.create()
    others = [other for other in Scope.values if other != scope]

    ok(machine(owner, scope).get(path))
    refused(machine(owner, *others).get(path), 403, "missing_scope")


def test_a_key_is_never_more_than_its_owner(db: None) -> None:
    owner = UserFactory.create()
    customer = CustomerFactory.create(user=owner)
    CustomerFactory.create()
    key = machine(owner, *Scope.values)

    assert [row["id"] for row in ok(key.get("/customers"))["results"]] == [str(customer.pk)]
    refused(key.get("/stock-levels"), 403, "permission_denied")
    refused(key.post("/products", {"name": "X"}), 403, "permission_denied")


def test_an_ended_key_opens_nothing(db: None) -> None:
    owner = SuperuserFactory.create()
    revoked, expired, orphaned = (machine(owner, Scope.USERS_READ) for _ in range(3))
    ok(orphaned.get("/users"))

    revoke_api_key(api_key=revoked.api_key)
    ApiKey.objects.filter(pk=expired.api_key.pk).update(expires_at=timezone.now() - timedelta(seconds=1))

    refused(revoked.get("/users"), 401, "authentication_failed")
    refused(expired.get("/users"), 401, "authentication_failed")
    owner.is_active = False
    owner.save()
    refused(orphaned.get("/users"), 401, "authentication_failed")


def test_only_a_hash_of_the_secret_is_kept(db: None) -> None:
    key, secret = create_api_key(owner=SuperuserFactory.create(), name="till", scopes=[Scope.USERS_READ])

    stored = ApiKey.objects.values().get(pk=key.pk)

    assert not any(secret in str(value) for value in stored.values())
    assert secret.startswith(stored["prefix"])
    refused(Caller(f"Api-Key {stored['secret_hash']}").get("/users"), 401, "authentication_failed")


def test_last_use_is_noted_at_most_every_five_minutes(db: None) -> None:
    key = machine(SuperuserFactory.create(), Scope.USERS_READ)

    def used_at() -> Any:
        return ApiKey.objects.get(pk=key.api_key.pk).last_used_at

    ok(key.get("/users"))
    recent = timezone.now() - timedelta(minutes=4)
    ApiKey.objects.update(last_used_at=recent)
    ok(key.get("/users"))
    assert used_at() == recent

    ApiKey.objects.update(last_used_at=timezone.now() - timedelta(minutes=6))
    ok(key.get("/users"))
    assert used_at() > recent
