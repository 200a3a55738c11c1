"""Where staff are signed in: noted, seen, ended."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from shared.models.record_change import RecordChange
from tests.shop.http.admin_pages import page_url, superuser, text_of
from tests.shop.http.api_client import Caller, ok, refused
from users.jobs import purge_expired_sessions
from users.models.sign_in import KnownPlace
from users.models.staff_session import StaffSession
from users.models.user import User

PASSWORD = "a-long-password"


@pytest.fixture
def boss(db: None) -> User:
    return superuser()


def enter(email: str = "boss@example.com", browser: str = "Firefox") -> Client:
    client = Client(headers={"User-Agent": browser})
    client.post("/admin/login/", {"username": email, "password": PASSWORD})
    assert is_inside(client)
    return client


def is_inside(client: Client) -> bool:
    return client.get("/admin/security/").status_code == 200


def test_each_sign_in_is_listed_with_address_and_browser(boss: User) -> None:
    phone, laptop = enter(browser="Phone"), enter(browser="<b>Laptop</b>")

    page = text_of(laptop.get("/admin/security/"))

    assert "Phone" in page
    assert "<b>Laptop</b>" in page, "escaped"
    assert page.count("127.0.0.1") == 2
    assert "This one" in page
    assert is_inside(phone)


def test_an_ended_session_is_signed_out_with_its_next_request(boss: User) -> None:
    phone, laptop = enter(browser="Phone"), enter()
    session = StaffSession.objects.get(browser="Phone")

    told = laptop.post(f"/admin/security/sessions/{session.pk}/end/", follow=True)

    assert "The session is ended." in text_of(told)
    assert not is_inside(phone)
    assert is_inside(laptop)
    assert "ended already" in text_of(laptop.post(f"/admin/security/sessions/{session.pk}/end/", follow=True))


def test_all_others_end_at_once(boss: User) -> None:
    others, mine = [enter(), enter()], enter()

    mine.post("/admin/security/sessions/end-others/")

    assert [is_inside(client) for client in (*others, mine)] == [False, False, True]
    assert StaffSession.objects.count() == 1


def test_nobody_ends_a_colleagues_session_from_their_own_page(boss: User) -> None:
    User.objects.create_user("ann@example.com", PASSWORD, is_staff=True)
    ann, mine = enter("ann@example.com"), enter()
    session = StaffSession.objects.get(user__email="ann@example.com")

    mine.post(f"/admin/security/sessions/{session.pk}/end/")

    assert is_inside(ann)
    assert mine.get(f"/admin/security/sessions/{session.pk}/end/").status_code == 303


def test_an_administrator_ends_a_colleagues_sessions(boss: User) -> None:
    user = User.objects.create_user("ann@example.com", PASSWORD, is_staff=True)
    first, second, third, mine = *(enter("ann@example.com", browser=str(n)) for n in range(3)), enter()

    mine.post(page_url(user, "sign_in"), {"do": "end", "session": StaffSession.objects.get(browser="0").pk})
    assert [is_inside(client) for client in (first, second, third)] == [False, True, True]
    mine.post(page_url(user, "sign_in"), {"do": "end_all"})

    assert [is_inside(client) for client in (first, second, third, mine)] == [False, False, False, True]
    ended = RecordChange.objects.filter(table="users_staff_session", operation="D", record=str(user.pk))
    assert {change.actor for change in ended} == {boss}
    assert Session.objects.get().session_key not in str(list(ended.values("before", "after")))


@pytest.mark.parametrize("how", ["own page", "user's page"])
def test_ending_all_sessions_ends_the_tokens_of_the_api(boss: User, how: str) -> None:
    pair = ok(Caller().post("/auth/token", {"email": boss.email, "password": PASSWORD}))
    mine = enter()

    if how == "own page":
        mine.post("/admin/security/sessions/end-others/")
    else:
        mine.post(page_url(boss, "sign_in"), {"do": "end_all"})

    refused(Caller(f"Bearer {pair['access']}").get("/users/me"), 401, "authentication_failed")
    refused(Caller().post("/auth/token/refresh", {"refresh": pair["refresh"]}), 401, "token_refused")


@pytest.mark.parametrize("how", ["own page", "user's page"])
def test_a_new_password_ends_the_other_sessions(boss: User, how: str) -> None:
    other, mine = enter(), enter()
    new = {"new_password1": "fresh-passphrase-1", "new_password2": "fresh-passphrase-1"}
    if how == "own page":
        mine.post("/admin/password_change/", {"old_password": PASSWORD, **new})
    else:
        form = {"password1": "fresh-passphrase-1", "password2": "fresh-passphrase-1", "usable_password": "true"}
        mine.post(f"/admin/users/user/{boss.pk}/password/", form)

    assert (is_inside(other), is_inside(mine)) == (False, True)
    assert StaffSession.objects.get().session_key == Session.objects.get().session_key
    mine.post("/admin/security/sessions/end-others/")
    assert is_inside(mine)


def test_signing_out_takes_the_session_off_the_list(boss: User) -> None:
    client = enter()

    client.post("/admin/logout/")

    assert not StaffSession.objects.exists()


def test_it_is_noted_when_a_session_was_last_used_but_not_each_time(boss: User) -> None:
    client = enter()
    long_ago = timezone.now() - timedelta(hours=3)
    StaffSession.objects.update(last_seen_at=long_ago)

    client.get("/admin/security/")
    assert StaffSession.objects.get().last_seen_at == long_ago
    session = client.session
    session["kontor_seen"] -= 301
    session.save()
    client.get("/admin/security/")

    assert StaffSession.objects.get().last_seen_at > long_ago


def test_what_is_over_is_forgotten(boss: User) -> None:
    enter()
    kept = enter()
    Session.objects.exclude(session_key=kept.session.session_key).update(expire_date=timezone.now())
    StaffSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=2))
    KnownPlace.objects.filter(key__startswith="address").update(last_used_at=timezone.now() - timedelta(days=91))

    purge_expired_sessions()

    assert StaffSession.objects.get().session_key == kept.session.session_key
    assert not KnownPlace.objects.filter(key__startswith="address").exists()
    assert KnownPlace.objects.filter(key__startswith="browser").count() == 2


def test_the_cookie_that_makes_a_browser_known_opens_nothing(boss: User) -> None:
    cookie: Any = enter().cookies["kontor_browser"]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/admin/")
    assert not is_inside(Client(headers={"Cookie": f"kontor_browser={cookie.value}"}))
    assert not KnownPlace.objects.filter(key__contains=cookie.value).exists()
