"""What answers say about keeping and framing them, and which headers of a request are believed."""

from contextlib import closing
from typing import Any

import pytest
from django.test import Client

from tests.shop.http.admin_pages import list_url, signed_in, superuser
from tests.shop.http.api_client import Caller, login, ok
from tests.shop.people import StaffFactory
from users.models.user import User

POLICY = {"frame-ancestors 'none'", "base-uri 'self'", "object-src 'none'", "form-action 'self'"}


@pytest.fixture
def boss(db: None) -> User:
    return superuser()


def test_pages_are_framed_nowhere_and_send_their_forms_here_alone(boss: User) -> None:
    inside = signed_in(boss)

    for page in (Client().get("/admin/login/"), inside.get("/admin/"), inside.get("/admin/nowhere/")):
        assert set(page["Content-Security-Policy"].split("; ")) >= POLICY
        assert page["X-Frame-Options"] == "DENY"


def test_pages_of_the_admin_are_kept_nowhere(boss: User) -> None:
    inside = signed_in(boss)

    for path in ("/admin/", list_url(User), "/admin/password_change/", "/admin/security/", "/admin/nowhere/"):
        assert "no-store" in inside.get(path)["Cache-Control"], path
    assert "no-store" in Client().get("/admin/login/")["Cache-Control"]
    assert "no-store" not in inside.get("/admin/jsi18n/").get("Cache-Control", "")


def test_answers_to_somebody_are_kept_nowhere_and_public_ones_may_be(db: None) -> None:
    staff = login(superuser())

    for path in ("/users/me", "/products", "/nowhere"):
        assert staff.get(path)["Cache-Control"] == "no-store", path
    assert Caller("Bearer x").get("/users/me")["Cache-Control"] == "no-store"
    assert signed_in(staff.user or User()).get("/api/v1/users/me")["Cache-Control"] == "no-store"
    assert "no-store" not in Caller().get("/products").get("Cache-Control", "")
    with closing(Client().get("/static/admin/css/base.css")) as file:
        assert "no-store" not in file.get("Cache-Control", "")


@pytest.mark.parametrize(("proxies", "is_believed"), [(["127.0.0.1"], True), (["10.0.0.0/8"], False), ([], False)])
def test_a_trusted_proxy_alone_is_believed_that_a_request_came_over_tls(
    db: None, settings: Any, proxies: list[str], is_believed: bool
) -> None:
    settings.TRUSTED_PROXIES, settings.SECURE_SSL_REDIRECT = proxies, True

    answer = Client().get("/admin/login/", headers={"X-Forwarded-Proto": "https"})

    assert answer.status_code == (200 if is_believed else 301)


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "BeArEr"])
def test_the_name_of_the_scheme_is_the_same_in_any_case(db: None, scheme: str) -> None:
    token = (login(StaffFactory.create(email="staff@example.com")).authorization or "").split()[1]

    assert ok(Caller(f"{scheme} {token}").get("/users/me"))["email"] == "staff@example.com"


@pytest.mark.parametrize("path", ["/admin/", "/api/v1/products"])
def test_an_unknown_host_is_one_line_of_the_log(
    db: None, path: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = Client().get(path, headers={"Host": "evil.example"})

    assert answer.status_code == 400
    (line,) = caplog.records
    assert "evil.example" in line.getMessage()
    assert line.exc_info is None
    assert "Traceback" not in capfd.readouterr().err
