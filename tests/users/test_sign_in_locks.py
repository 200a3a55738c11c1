"""Failures in a row lock an account where they came from; its owner's own places stay open."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from shared.models.record_change import RecordChange
from tests.shop.http.admin_pages import page_url, signed_in, superuser, text_of
from tests.shop.http.answer import Answer
from tests.shop.http.api_client import Caller, ok, refused
from users.models.sign_in import SignInFailures
from users.models.user import User

PASSWORD = "a-long-password"
HOME, ATTACKER, HOTEL = "192.0.2.1", "198.51.100.66", "203.0.113.9"


@pytest.fixture(autouse=True)
def patient_throttle(settings: Any) -> None:
    """What is tested here goes on for longer than a minute."""
    settings.SIGN_INS_PER_MINUTE = settings.SIGN_INS_PER_MINUTE_AND_ACCOUNT = 1000
    settings.SIGN_INS_PER_MINUTE_AND_ADDRESS = settings.SIGN_INS_PER_MINUTE_OVERALL = 1000
    settings.TRUSTED_PROXIES = ["127.0.0.1"]


@pytest.fixture
def owner(db: None) -> User:
    return superuser("owner@example.com")


def enter(client: Client, *, address: str = HOME, password: str = PASSWORD, email: str = "owner@example.com") -> Answer:
    return client.post("/admin/login/", {"username": email, "password": password}, headers={"X-Forwarded-For": address})


def fail(times: int, *, address: str = ATTACKER, client: Client | None = None, **who: str) -> Answer:
    answers = [enter(client or Client(), address=address, password="wrong", **who) for _ in range(times)]
    return answers[-1]


def is_in(answer: Answer) -> bool:
    return answer.status_code == 302


def test_the_tenth_failure_locks_even_the_right_password_out(owner: User) -> None:
    fail(9)
    assert is_in(enter(Client(), address=ATTACKER)), "a success ends the row"
    fail(9, address=HOTEL)
    fail(1, address="203.0.113.77")

    refused_page = enter(Client(), address=HOTEL)

    assert "locked until" in text_of(refused_page)
    assert "administrator" in text_of(refused_page)


def test_whether_the_account_exists_makes_no_difference(owner: User) -> None:
    known, unknown = fail(11), fail(11, email="nobody@example.com")

    assert text_of(known) == text_of(unknown)


def test_an_attacker_elsewhere_does_not_lock_out_the_owners_address_or_browser(owner: User) -> None:
    laptop = Client()
    assert is_in(enter(laptop, address=HOME))
    laptop.post("/admin/logout/")
    for _ in range(3):  # for as long as it likes
        fail(11)
        SignInFailures.objects.filter(place="").update(locked_until=timezone.now() + timedelta(minutes=15))

    assert is_in(enter(Client(), address=HOME)), "another browser at the usual address"
    assert is_in(enter(laptop, address=HOTEL)), "the usual browser at another address"
    assert not is_in(enter(Client(), address="203.0.113.77")), "neither"


def test_a_known_place_has_a_lock_of_its_own(owner: User) -> None:
    enter(Client(), address=HOME)

    fail(10, address=HOME)

    assert not is_in(enter(Client(), address=HOME))
    assert is_in(enter(Client(), address=HOTEL))


def test_the_lock_ends_by_itself(owner: User) -> None:
    fail(10)

    SignInFailures.objects.update(locked_until=timezone.now() - timedelta(seconds=1))

    fail(9)
    assert is_in(enter(Client(), address=HOTEL))


def test_failures_that_lie_further_apart_do_not_lock(owner: User) -> None:
    fail(9)
    SignInFailures.objects.update(first_at=timezone.now() - timedelta(minutes=16))

    fail(9)

    assert is_in(enter(Client(), address=HOTEL))


def test_an_administrator_unlocks_and_the_history_tells_of_both(owner: User) -> None:
    boss = superuser("boss@example.com")
    fail(10)
    client = signed_in(boss)
    assert "locked until" in text_of(client.get(page_url(owner, "sign_in")))

    client.post(page_url(owner, "sign_in"), {"do": "unlock"})

    assert is_in(enter(Client(), address=ATTACKER))
    unlocked, locked = RecordChange.objects.filter(table="users_sign_in_failures", record=str(owner.pk))
    assert (locked.actor, locked.before["locked_until"]) == (None, None)
    assert (unlocked.actor, unlocked.after["locked_until"]) == (boss, None)


def test_the_api_keeps_its_ten_tries_a_minute_and_locks_after_three_minutes_of_them(owner: User) -> None:
    def token(password: str) -> Answer:
        return Caller().post("/auth/token", {"email": owner.email, "password": password})

    for _ in range(29):
        refused(token("wrong"), 401, "wrong_credentials")
    ok(token(PASSWORD))
    other = superuser("other@example.com")
    for _ in range(30):
        Caller().post("/auth/token", {"email": other.email, "password": "wrong"})

    locked = Caller().post("/auth/token", {"email": other.email, "password": PASSWORD})

    refused(locked, 429, "rate_limited")
    assert 800 < int(locked["Retry-After"]) <= 901


def test_guesses_from_elsewhere_do_not_use_up_the_owners_tries(owner: User, settings: Any) -> None:
    enter(Client(), address=HOME)
    settings.SIGN_INS_PER_MINUTE_AND_ACCOUNT = 5
    fail(9)

    assert is_in(enter(Client(), address=HOME))
    assert "At most 5" in text_of(enter(Client(), address=HOTEL))
