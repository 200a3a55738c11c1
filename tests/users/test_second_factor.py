"""A second factor: set up, asked for, good once, lost and reset."""

import io
import re
import time
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from shared.models.record_change import RecordChange
from tests.shop.http.admin_pages import page_url, signed_in, superuser, text_of
from tests.shop.http.answer import Answer
from tests.shop.http.api_client import Caller, ok, refused
from users.models.user import User

PASSWORD = "a-long-password"
ENROL, CODE = "/admin/security/second-factor/", "/admin/second-factor/"


def code_of(user: User, *, steps: int = 0) -> str:
    """What the authenticator shows, `steps` of thirty seconds from now."""
    device = TOTPDevice.objects.get(user=user)
    totp = TOTP(device.bin_key, drift=steps)
    totp.time = time.time()
    return f"{totp.token():06}"


def enrol(user: User) -> list[str]:
    """Set a second factor up with an earlier code, so that the present one is still good; the backup codes."""
    client = signed_in(user)
    client.get(ENROL)
    page = client.post(ENROL, {"code": code_of(user, steps=-1)})
    return re.findall(r"<li>([a-z0-9]{5}-[a-z0-9]{5})</li>", page.content.decode())


def enter_password(client: Client, email: str = "boss@example.com", **query: str) -> Answer:
    return client.post("/admin/login/", {"username": email, "password": PASSWORD, **query})


def is_inside(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


@pytest.fixture
def boss(db: None) -> User:
    return superuser()


def test_the_secret_is_shown_until_a_code_proves_that_it_was_read(boss: User) -> None:
    client = signed_in(boss)

    page = client.get(ENROL)
    device = TOTPDevice.objects.get(user=boss)
    wrong = client.post(ENROL, {"code": "000000" if code_of(boss) != "000000" else "111111"})
    assert "not the code" in text_of(wrong)
    assert enter_password(Client())["Location"] == "/admin/", "not on yet"

    shown = re.search(r"data-secret[^>]*>([A-Z2-7= ]+)<", page.content.decode())
    assert shown is not None
    assert shown[1].replace(" ", "") in device.config_url
    assert "<svg" in page.content.decode()
    done = client.post(ENROL, {"code": code_of(boss)})
    assert len(re.findall(r"<li>[a-z0-9]{5}-[a-z0-9]{5}</li>", done.content.decode())) == 10
    assert "no-store" in page["Cache-Control"]
    assert "no-store" in done["Cache-Control"]
    assert client.get(ENROL)["Location"] == "/admin/security/"
    assert is_inside(client)


def test_the_password_alone_opens_nothing(boss: User) -> None:
    enrol(boss)
    client = Client()

    asked = enter_password(client, next="/admin/users/tag/")

    assert asked["Location"] == CODE
    assert not is_inside(client)
    refused(Caller().get("/users/me"), 401, "not_authenticated")
    assert client.post(CODE, {"code": code_of(boss)})["Location"] == "/admin/users/tag/"
    assert is_inside(client)


def test_a_code_is_good_once(boss: User) -> None:
    enrol(boss)
    first, second = Client(), Client()
    enter_password(first)
    enter_password(second)
    code = code_of(boss)

    first.post(CODE, {"code": code})
    again = second.post(CODE, {"code": code})

    assert is_inside(first)
    assert "used before" in text_of(again)
    assert not is_inside(second)


def test_a_backup_code_opens_once_and_only_fingerprints_are_kept(boss: User) -> None:
    codes = enrol(boss)
    first, second = Client(), Client()
    enter_password(first)
    enter_password(second)

    assert first.post(CODE, {"code": codes[0].upper()})["Location"] == "/admin/"
    assert "used before" in text_of(second.post(CODE, {"code": codes[0]}))

    kept = str(list(StaticToken.objects.values_list("token")))
    assert StaticToken.objects.count() == 9
    assert not any(code.replace("-", "") in kept for code in codes)


def test_the_second_step_knows_who_did_the_first_and_for_how_long(boss: User) -> None:
    enrol(boss)
    assert Client().get(CODE)["Location"] == "/admin/login/"
    client = Client()
    enter_password(client)

    boss.set_password("another-password")
    boss.save()

    assert client.post(CODE, {"code": code_of(boss)})["Location"] == "/admin/login/"
    assert not is_inside(client)


def test_a_next_page_elsewhere_is_not_followed(boss: User) -> None:
    enrol(boss)
    client = Client()

    client.post("/admin/login/?next=https://evil.example/", {"username": boss.email, "password": PASSWORD})

    assert client.post(CODE, {"code": code_of(boss)})["Location"] == "/admin/"


def test_guessing_codes_is_throttled_and_then_locked(boss: User, settings: Any) -> None:
    settings.SIGN_INS_PER_MINUTE = 100
    enrol(boss)
    client = Client()
    enter_password(client)
    for _ in range(10):
        client.post(CODE, {"code": "wrong-code"})

    locked = client.post(CODE, {"code": code_of(boss)})

    assert "locked until" in text_of(locked)
    assert not is_inside(client)


def test_the_api_asks_for_the_code_too(boss: User) -> None:
    enrol(boss)
    login = {"email": boss.email, "password": PASSWORD}

    refused(Caller().post("/auth/token", login), 401, "second_factor_required")
    refused(Caller().post("/auth/token", login | {"code": "123"}), 401, "wrong_credentials")
    pair = ok(Caller().post("/auth/token", login | {"code": code_of(boss)}))
    ok(Caller(f"Bearer {pair['access']}").get("/users/me"))


def test_when_it_is_required_everything_waits_for_it(boss: User, settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    client = Client()
    enter_password(client)

    assert client.get("/admin/users/tag/")["Location"] == ENROL
    refused(Caller().post("/auth/token", {"email": boss.email, "password": PASSWORD}), 401, "second_factor_required")
    client.get(ENROL)
    client.post(ENROL, {"code": code_of(boss)})

    assert is_inside(client)


def tokens_of(user: User, **code: str) -> dict[str, str]:
    pair: dict[str, str] = ok(Caller().post("/auth/token", {"email": user.email, "password": PASSWORD, **code}))
    return pair


def have_ended(pair: dict[str, str]) -> None:
    refused(Caller(f"Bearer {pair['access']}").get("/users/me"), 401, "authentication_failed")
    refused(Caller().post("/auth/token/refresh", {"refresh": pair["refresh"]}), 401, "token_refused")


def test_a_new_second_factor_ends_the_tokens_that_a_password_alone_had_got(boss: User) -> None:
    before = tokens_of(boss)

    enrol(boss)

    have_ended(before)
    after = tokens_of(boss, code=code_of(boss))
    ok(Caller(f"Bearer {after['access']}").get("/users/me"))


def test_requiring_second_factors_ends_the_tokens_that_a_password_alone_had_got(boss: User, settings: Any) -> None:
    colleague = User.objects.create_user("ann@example.com", PASSWORD, is_staff=True)
    customer = User.objects.create_user("ada@example.com", PASSWORD)
    enrol(boss)
    by_code, by_password, of_customer = tokens_of(boss, code=code_of(boss)), tokens_of(colleague), tokens_of(customer)

    settings.REQUIRE_SECOND_FACTOR = True

    have_ended(by_password)
    for pair in (by_code, of_customer):
        ok(Caller(f"Bearer {pair['access']}").get("/users/me"))
        following = ok(Caller().post("/auth/token/refresh", {"refresh": pair["refresh"]}))
        ok(Caller(f"Bearer {following['access']}").get("/users/me"))


def test_a_reset_second_factor_ends_the_tokens_that_it_had_opened(boss: User) -> None:
    lost = User.objects.create_user("lost@example.com", PASSWORD, is_staff=True)
    enrol(lost)
    pair = tokens_of(lost, code=code_of(lost))

    signed_in(boss).post(page_url(lost, "reset_second_factor"))

    have_ended(pair)


def test_an_administrator_resets_what_a_colleague_lost(boss: User) -> None:
    lost = User.objects.create_user("lost@example.com", PASSWORD, is_staff=True)
    enrol(lost)
    client = signed_in(boss)

    assert "Reset" in text_of(client.get(page_url(lost, "sign_in")))
    assert TOTPDevice.objects.filter(user=lost).exists()
    told = client.post(page_url(lost, "reset_second_factor"), follow=True)

    assert "password alone" in text_of(told)
    assert enter_password(Client(), lost.email)["Location"] == "/admin/"
    change = RecordChange.objects.get(table="otp_totp_totpdevice", operation="D", record=str(lost.pk))
    assert change.actor == boss
    assert set(change.before) >= {"key", "name"}
    assert change.before["key"] == "•••"


def test_the_last_administrator_gets_back_in_by_a_command(boss: User) -> None:
    enrol(boss)

    call_command("reset_second_factor", "Boss@example.com", stdout=io.StringIO())

    assert enter_password(Client())["Location"] == "/admin/"
    assert RecordChange.objects.filter(table="otp_totp_totpdevice", operation="D")[0].source.startswith("command")


def test_only_superusers_touch_the_sign_in_of_superusers(boss: User) -> None:
    manager = User.objects.create_user("manager@example.com", PASSWORD, is_staff=True)
    manager.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "view_user"]))
    enrol(boss)

    assert signed_in(manager).post(page_url(boss, "reset_second_factor")).status_code == 403
    assert TOTPDevice.objects.filter(user=boss).exists()


def test_own_backup_codes_are_renewed_and_the_factor_removed_with_a_code(boss: User) -> None:
    old = enrol(boss)
    client = Client()
    enter_password(client)
    client.post(CODE, {"code": code_of(boss)})

    renewed = client.post("/admin/security/backup-codes/", {"code": old[0]})
    new = re.findall(r"<li>([a-z0-9]{5}-[a-z0-9]{5})</li>", renewed.content.decode())
    assert len(new) == 10
    refused_page = client.post("/admin/security/remove-second-factor/", {"code": old[1]})
    assert "used before" in text_of(refused_page)
    client.post("/admin/security/remove-second-factor/", {"code": new[0]})

    assert enter_password(Client())["Location"] == "/admin/"
