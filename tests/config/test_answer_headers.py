"""What answers say about keeping and framing them, and which headers of a request are believed."""

from contextlib import closing
from typing import Any

import pytest
from django.test import Client

from catalog.models.variant import Variant
from tests.shop.goods import for_sale
from tests.shop.http.admin_pages import list_url, signed_in, superuser
from tests.shop.http.api_client import Caller, login, machine, ok
from tests.shop.people import CustomerFactory, StaffFactory
from users.models.api_key import Scope
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

    for path in ("/users/me", "/orders", "/customers", "/nowhere"):
        assert staff.get(path)["Cache-Control"] == "no-store", path
    assert Caller("Bearer x").get("/users/me")["Cache-Control"] == "no-store"
    assert signed_in(staff.user or User()).get("/api/v1/users/me")["Cache-Control"] == "no-store"
    with closing(Client().get("/static/admin/css/base.css")) as file:
        assert "no-store" not in file.get("Cache-Control", "")


def _keeping(answer: Any) -> tuple[str, set[str]]:
    return answer.get("Cache-Control", ""), {name.strip() for name in answer.get("Vary", "").split(",")}


def test_what_anybody_reads_may_be_kept_by_anybody_for_some_seconds(db: None) -> None:
    variant = for_sale(on_hand=5)
    lists = ("/products", "/variants", "/sellers", "/categories", "/shipping-methods")
    rows = (f"/variants/{variant.pk}", f"/products/{variant.product_id}")

    for path in (*lists, *rows):
        kept, varies = _keeping(Caller().get(path))
        assert kept == "public, max-age=5, stale-while-revalidate=30", path
        assert varies >= {"Authorization", "Cookie"}, path
    for path in ("/variants?limit=1000", "/products/00000000-0000-7000-8000-000000000000", "/orders"):
        assert "public" not in _keeping(Caller().get(path))[0], path
    tag = Caller().get(rows[0])["ETag"]
    unchanged = Caller().send("GET", rows[0], headers={"If-None-Match": tag})
    assert (unchanged.status_code, _keeping(unchanged)[0]) == (304, "public, max-age=5, stale-while-revalidate=30")


def test_what_another_would_see_otherwise_is_kept_by_the_caller_alone_and_asked_for_again(db: None) -> None:
    variant, staff = for_sale(on_hand=5), superuser()
    order = ok(login(staff).place(_one_of(variant)), 201)

    for path in ("/products", "/variants", f"/variants/{variant.pk}", f"/orders/{order['id']}"):
        for caller in (login(staff), machine(staff, *Scope.values)):
            answer = caller.get(path)
            again = caller.send("GET", path, headers={"If-None-Match": answer.get("ETag", '"none"')})
            assert again.status_code == (304 if "ETag" in answer else 200), path
            for each in (answer, again):
                kept, varies = _keeping(each)
                assert (kept, varies >= {"Authorization", "Cookie"}) == ("private, no-cache", True), path
    assert _keeping(login(staff).get(f"/personal-data/{order['customer']}"))[0] == "no-store"


def _one_of(variant: Variant) -> dict[str, Any]:
    return {"customer": str(CustomerFactory.create().pk), "items": [{"variant": str(variant.pk), "quantity": 1}]}


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
