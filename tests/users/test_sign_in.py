"""POST /auth/token and /auth/token/refresh."""

import time
from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from shared.models.rate_limit import RateLimitWindow
from tests.plugins.light_settings import REAL_PASSWORD_HASHERS
from tests.shop.http.answer import Answer
from tests.shop.http.api_client import Caller, ok, pointers, refused
from tests.shop.people import PASSWORD, CustomerFactory, StaffFactory, UserFactory


def sign_in(email: str, password: str = PASSWORD, **headers: str) -> Answer:
    return Caller().post("/auth/token", {"email": email, "password": password}, **headers)


def refresh(token: str) -> Answer:
    return Caller().post("/auth/token/refresh", {"refresh": token})


def bearer(pair: dict[str, Any]) -> Caller:
    return Caller(f"Bearer {pair['access']}")


def test_a_password_is_traded_for_tokens_that_open_the_api(db: None) -> None:
    customer = CustomerFactory.create(user=UserFactory.create(email="ada@example.com"))

    response = sign_in("Ada@Example.com")

    pair = ok(response)
    assert response["Cache-Control"] == "no-store"
    me = ok(bearer(pair).get("/users/me"))
    assert (me["email"], me["customer"], me["roles"]) == ("ada@example.com", str(customer.pk), ["customer"])


def test_tokens_live_as_long_as_promised(db: None) -> None:
    UserFactory.create(email="ada@example.com")

    pair = ok(sign_in("ada@example.com"))

    access, refresh_token = AccessToken(pair["access"]), RefreshToken(pair["refresh"])
    assert access["exp"] - access["iat"] == timedelta(minutes=30).total_seconds()
    assert refresh_token["exp"] - refresh_token["iat"] == timedelta(days=14).total_seconds()


@pytest.mark.parametrize(("email", "password"), [("ada@example.com", "wrong"), ("nobody@example.com", PASSWORD)])
def test_a_wrong_password_and_an_unknown_account_are_refused_alike(db: None, email: str, password: str) -> None:
    UserFactory.create(email="ada@example.com")

    response = sign_in(email, password)

    problem = refused(response, 401, "wrong_credentials")
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'
    assert problem["detail"] == "Wrong e-mail address or password"


def test_an_unknown_account_takes_as_long_as_a_wrong_password(db: None, settings: Any) -> None:
    settings.PASSWORD_HASHERS = REAL_PASSWORD_HASHERS
    UserFactory.create(email="ada@example.com")

    def seconds(email: str) -> float:
        RateLimitWindow.objects.all().delete()
        begun = time.process_time()  # what is worked, however busy the machine is
        sign_in(email, "wrong")
        return time.process_time() - begun

    known = median(seconds("ada@example.com") for _ in range(5))
    unknown = median(seconds("nobody@example.com") for _ in range(5))

    assert 0.5 < unknown / known < 2


def test_an_inactive_user_gets_no_tokens_and_its_old_ones_end(db: None) -> None:
    user = UserFactory.create(email="ada@example.com")
    pair = ok(sign_in("ada@example.com"))

    user.is_active = False
    user.save()

    refused(sign_in("ada@example.com"), 401, "wrong_credentials")
    refused(bearer(pair).get("/users/me"), 401, "authentication_failed")
    refused(refresh(pair["refresh"]), 401, "token_refused")


def test_a_new_password_ends_every_token(db: None) -> None:
    user = UserFactory.create(email="ada@example.com")
    pair = ok(sign_in("ada@example.com"))

    user.set_password("another horse")
    user.save()

    refused(bearer(pair).get("/users/me"), 401, "authentication_failed")
    refused(refresh(pair["refresh"]), 401, "token_refused")


def test_a_refresh_token_is_good_once(db: None) -> None:
    UserFactory.create(email="ada@example.com")
    first = ok(sign_in("ada@example.com"))

    second = ok(refresh(first["refresh"]))

    ok(bearer(second).get("/users/me"))
    ok(refresh(second["refresh"]))
    refused(refresh(first["refresh"]), 401, "token_refused")


def test_a_used_refresh_token_presented_again_ends_all_that_came_of_it_and_no_other_sign_in(db: None) -> None:
    UserFactory.create(email="ada@example.com")
    first, elsewhere = ok(sign_in("ada@example.com")), ok(sign_in("ada@example.com"))
    second = ok(refresh(first["refresh"]))
    third = ok(refresh(second["refresh"]))

    refused(refresh(first["refresh"]), 401, "token_refused")

    refused(refresh(third["refresh"]), 401, "token_refused")
    for pair in (first, second, third):
        refused(bearer(pair).get("/users/me"), 401, "authentication_failed")
    ok(bearer(elsewhere).get("/users/me"))
    ok(refresh(elsewhere["refresh"]))


def test_no_token_is_kept_in_the_database(db: None) -> None:
    UserFactory.create(email="ada@example.com")
    pair = ok(refresh(ok(sign_in("ada@example.com"))["refresh"]))

    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS kept WHERE kept::text LIKE ANY(%s)', [_ends_of(pair)])
            assert cursor.fetchone() == (0,), table


def _ends_of(pair: dict[str, Any]) -> list[str]:
    """Their signatures: what nobody can make."""
    return [f"%{token.rsplit('.', 1)[1]}%" for token in pair.values()]


def test_a_token_of_a_version_that_knew_no_generations_is_refused(db: None) -> None:
    UserFactory.create(email="ada@example.com")
    pair = ok(sign_in("ada@example.com"))
    old: dict[str, Any] = {"access": AccessToken(pair["access"]), "refresh": RefreshToken(pair["refresh"])}
    for token in old.values():
        del token["family"], token["generation"]

    refused(bearer(old).get("/users/me"), 401, "authentication_failed")
    refused(refresh(str(old["refresh"])), 401, "token_refused")


def test_tokens_of_the_other_kind_expired_or_forged_are_refused(db: None) -> None:
    UserFactory.create(email="ada@example.com")
    pair = ok(sign_in("ada@example.com"))
    old = AccessToken(pair["access"])
    old.set_exp(from_time=timezone.now() - timedelta(hours=2))

    for token in (pair["refresh"], str(old), pair["access"][:-3] + "abc", "x", "a.b.c"):
        response = Caller(f"Bearer {token}").get("/users/me")
        refused(response, 401, "authentication_failed")
        assert response["WWW-Authenticate"].startswith("Bearer")
    for token in (pair["access"], "x", "ä"):
        refused(refresh(token), 401, "token_refused")


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Api-Key", "Api-Key a b", "Api-Key unknown"])
def test_a_malformed_authorization_header_is_a_401(db: None, header: str) -> None:
    refused(Caller(header).get("/users/me"), 401, "authentication_failed")


def test_every_fault_of_a_sign_in_is_named(db: None) -> None:
    problem = refused(Caller().post("/auth/token", {"email": 5, "admin": True}), 400, "invalid")

    assert sorted(pointers(problem)) == ["/admin", "/email", "/password"]


def test_the_eleventh_try_within_a_minute_waits(db: None) -> None:
    UserFactory.create(email="ada@example.com")

    answers = [sign_in("ada@example.com", "wrong") for _ in range(10)]
    last = sign_in("ada@example.com")

    assert {answer.status_code for answer in answers} == {401}
    refused(last, 429, "rate_limited")
    assert 1 <= int(last["Retry-After"]) <= 60


def test_an_address_that_a_client_claims_to_have_does_not_count(db: None) -> None:
    for n in range(10):
        sign_in("ada@example.com", "wrong", x_forwarded_for=f"192.0.2.{n}")

    refused(sign_in("ADA@example.com", x_forwarded_for="198.51.100.7"), 429, "rate_limited")


def test_colleagues_behind_one_address_do_not_use_up_each_others_tries(db: None) -> None:
    UserFactory.create(email="ada@example.com")
    for n in range(30):
        sign_in(f"user{n}@example.com", "wrong")

    ok(sign_in("ada@example.com"))


def test_guessing_many_accounts_from_one_address_ends(db: None, settings: Any) -> None:
    settings.SIGN_INS_PER_MINUTE_AND_ADDRESS = 20
    for n in range(20):
        sign_in(f"user{n}@example.com", "wrong")

    refused(sign_in("another@example.com"), 429, "rate_limited")


def test_guessing_one_account_from_many_addresses_ends(db: None, settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    UserFactory.create(email="ada@example.com")
    for n in range(30):
        sign_in("ada@example.com", "wrong", x_forwarded_for=f"192.0.2.{n}")

    refused(sign_in("ada@example.com", x_forwarded_for="198.51.100.7"), 429, "rate_limited")


def test_a_trusted_proxy_is_believed_about_the_address(db: None, settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1", "10.0.0.0/8"]
    UserFactory.create(email="ada@example.com")
    for _ in range(10):
        sign_in("ada@example.com", "wrong", x_forwarded_for="1.2.3.4, 192.0.2.1, 10.0.0.3")

    refused(sign_in("ada@example.com", x_forwarded_for="9.9.9.9, 192.0.2.1, 10.0.0.3"), 429, "rate_limited")
    ok(sign_in("ada@example.com", x_forwarded_for="192.0.2.2"))


def test_what_counts_the_tries_names_nobody(db: None) -> None:
    sign_in("ada@example.com", "wrong")

    # An erasure goes past these rows: it finds the person's words, and there must be none here.
    buckets = list(RateLimitWindow.objects.values_list("bucket", flat=True))
    assert buckets
    assert not any("ada" in bucket or "example" in bucket for bucket in buckets)


def test_after_the_window_tries_count_anew(db: None) -> None:
    staff = StaffFactory.create(email="staff@example.com")
    for _ in range(11):
        sign_in(staff.email, "wrong")

    RateLimitWindow.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    ok(sign_in(staff.email))
