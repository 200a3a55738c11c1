"""Many who try to sign in at once leave the CPU to the others."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.shop.http.admin_pages import signed_in, superuser, text_of
from tests.shop.http.answer import Answer
from tests.shop.http.api_client import Caller, ok, refused
from tests.users.held_hasher import HELD, go_on, looked_at
from users.models.user import User

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a-long-password"
HOME = "192.0.2.1"


@pytest.fixture
def owner(settings: Any, transactional_db: None) -> User:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    settings.PASSWORD_HASHERS = ["tests.users.held_hasher.HeldHasher"]
    return superuser("owner@example.com")


@pytest.fixture
def crowd() -> Iterator[Callable[..., Future]]:
    """Starts a sign-in in a thread of its own; all of them go on at the end."""
    go_on.clear()

    def start(n: int, password: str) -> Answer:
        try:
            return sign_in(f"user{n}@example.com", password, f"198.51.100.{n}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        try:
            yield lambda n, password=HELD: pool.submit(start, n, password)
        finally:
            go_on.set()


def sign_in(email: str, password: str, address: str) -> Answer:
    return Caller().post("/auth/token", {"email": email, "password": password}, x_forwarded_for=address)


def enter(email: str, password: str, address: str) -> Answer:
    form = {"username": email, "password": password}
    return Client().post("/admin/login/", form, headers={"X-Forwarded-For": address})


def test_one_password_is_looked_at_three_wait_and_the_others_are_refused_at_once(
    owner: User, crowd: Callable[..., Future]
) -> None:
    ok(sign_in(owner.email, PASSWORD, HOME))
    first = crowd(1)
    assert looked_at.acquire(timeout=30)

    others = as_completed([crowd(n) for n in range(2, 7)], 30)
    for refusal in (next(others).result(), next(others).result()):
        refused(refusal, 429, "rate_limited")
        assert refusal["Retry-After"] == "2"
    elsewhere = enter(owner.email, PASSWORD, "203.0.113.9")
    assert (elsewhere.status_code, elsewhere["Retry-After"]) == (429, "2")
    assert "Many are signing in" in text_of(elsewhere)

    ok(sign_in(owner.email, PASSWORD, HOME))
    assert enter(owner.email, PASSWORD, HOME).status_code == 302
    go_on.set()
    assert first.result(30).status_code == 401


def test_a_crowd_of_accounts_and_addresses_has_so_many_tries_a_minute(owner: User, settings: Any) -> None:
    ok(sign_in(owner.email, PASSWORD, HOME))
    settings.SIGN_INS_PER_MINUTE_OVERALL = 6
    for n in range(5):
        assert sign_in(f"user{n}@example.com", "wrong", f"198.51.100.{n}").status_code == 401

    over_the_api, in_the_admin = (way(owner.email, PASSWORD, "203.0.113.9") for way in (sign_in, enter))

    refused(over_the_api, 429, "rate_limited")
    for answer in (over_the_api, in_the_admin):
        assert answer.status_code == 429
        assert 1 <= int(answer["Retry-After"]) <= 60
    ok(sign_in(owner.email, PASSWORD, HOME))
    assert enter(owner.email, PASSWORD, HOME).status_code == 302


def test_an_address_over_its_own_limit_does_not_use_up_the_others_tries(owner: User, settings: Any) -> None:
    settings.SIGN_INS_PER_MINUTE_AND_ADDRESS, settings.SIGN_INS_PER_MINUTE_OVERALL = 3, 5
    for n in range(10):
        sign_in(f"user{n}@example.com", "wrong", "198.51.100.1")

    ok(sign_in(owner.email, PASSWORD, HOME))


def test_the_old_password_is_guessed_no_faster_from_a_session(owner: User) -> None:
    client = signed_in(owner)
    form = {"old_password": "wrong", "new_password1": "fresh-passphrase-1", "new_password2": "fresh-passphrase-1"}
    for _ in range(10):
        assert client.post("/admin/password_change/", form).status_code == 200

    answer = client.post("/admin/password_change/", form | {"old_password": PASSWORD})

    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert client.get("/admin/password_change/").status_code == 200
