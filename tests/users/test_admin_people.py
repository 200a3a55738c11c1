"""Who may enter the admin, and how users and API keys are kept there."""

import hashlib
import re

import pytest
from django.test import Client

from tests.shop.http.admin_pages import add_url, page_url, signed_in, superuser, text_of
from users.models.api_key import ApiKey
from users.models.user import User


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def test_visitors_are_asked_to_sign_in(db: None) -> None:
    answer = Client().get("/admin/orders/order/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


def test_a_login_without_staff_status_stays_outside(db: None) -> None:
    client = signed_in(User.objects.create_user("buyer@example.com", "a-long-password"))

    assert client.get("/admin/").status_code == 302
    refused = client.post("/admin/login/", {"username": "buyer@example.com", "password": "a-long-password"})
    assert "staff account" in text_of(refused)


def test_guessing_a_password_ends_after_ten_tries_even_with_the_right_one(db: None) -> None:
    superuser()
    for _ in range(10):
        Client().post("/admin/login/", {"username": "boss@example.com", "password": "wrong"})

    refused = Client().post("/admin/login/", {"username": "boss@example.com", "password": "a-long-password"})

    assert "At most 10 in 60 seconds" in text_of(refused)


def test_signing_in_leads_to_the_dashboard_whatever_the_case_of_the_address(db: None) -> None:
    superuser()

    answer = Client().post(
        "/admin/login/", {"username": "Boss@Example.com", "password": "a-long-password"}, follow=True
    )

    assert answer.redirect_chain[-1][0] == "/admin/"
    assert "Orders today" in text_of(answer)


def test_staff_without_permissions_see_an_empty_dashboard(db: None) -> None:
    client = signed_in(User.objects.create_user("new@example.com", is_staff=True))

    page = client.get("/admin/")

    assert page.status_code == 200
    assert "Revenue" not in text_of(page)
    assert client.get("/admin/orders/order/").status_code == 403


def test_a_user_is_added_in_lower_case_and_never_deleted(boss: Client) -> None:
    boss.post(
        add_url(User),
        {
            "email": "New@Example.com",
            "usable_password": "true",
            "password1": "a-long-pass-1",
            "password2": "a-long-pass-1",
        },
    )

    user = User.objects.get(email="new@example.com")
    assert user.check_password("a-long-pass-1")
    assert boss.post(page_url(user, "delete"), {"post": "yes"}).status_code == 403


def test_nobody_takes_away_their_own_access(boss: Client) -> None:
    me = User.objects.get(email="boss@example.com")

    form = {"email": "boss@example.com", "first_name": "Ada", "last_name": "", "language": "en", "groups": []}
    boss.post(page_url(me), form)

    me.refresh_from_db()
    assert (me.first_name, me.is_active, me.is_staff, me.is_superuser) == ("Ada", True, True, True)


def _key_form(owner: User, **fields: object) -> dict[str, object]:
    return {
        "name": "till",
        "owner": owner.pk,
        "scopes": ["orders:read"],
        "expires_at_0": "",
        "expires_at_1": "",
        **fields,
    }


def test_the_secret_of_a_key_is_shown_once_and_kept_nowhere(boss: Client) -> None:
    owner = User.objects.get(email="boss@example.com")

    made = boss.post(add_url(ApiKey), _key_form(owner))

    key = ApiKey.objects.get()
    secret = re.search(r"data-secret>([^<]+)<", made.content.decode())
    assert secret is not None
    assert hashlib.sha256(secret.group(1).encode()).hexdigest() == key.secret_hash
    assert "no-store" in made["Cache-Control"]
    later = boss.get(page_url(key)).content.decode() + boss.get("/admin/users/apikey/").content.decode()
    assert key.prefix in later
    assert secret.group(1) not in later
    assert key.secret_hash not in later


def test_a_key_belongs_to_a_colleague_and_ends_in_the_future(boss: Client) -> None:
    buyer = User.objects.create_user("buyer@example.com")
    owner = User.objects.get(email="boss@example.com")

    boss.post(add_url(ApiKey), _key_form(buyer))
    boss.post(add_url(ApiKey), _key_form(owner, scopes=["all"]))
    late = boss.post(add_url(ApiKey), _key_form(owner, expires_at_0="2020-01-01", expires_at_1="10:00"))

    assert "in the past" in text_of(late)
    assert not ApiKey.objects.exists()


def test_a_key_is_revoked_after_asking(boss: Client) -> None:
    boss.post(add_url(ApiKey), _key_form(User.objects.get(email="boss@example.com")))
    key = ApiKey.objects.get()

    asked = boss.get(page_url(key, "revoke"))
    key.refresh_from_db()
    assert key.revoked_at is None
    told = boss.post(page_url(key, "revoke"), follow=True)

    key.refresh_from_db()
    assert "stops working at once" in text_of(asked)
    assert "is revoked" in text_of(told)
    assert key.revoked_at is not None


def test_pages_of_a_login_speak_of_passwords_as_people_do(boss: Client) -> None:
    user = User.objects.create_user("ann@example.com", "a-long-password", is_staff=True)
    machine = User.objects.create_user("till@example.com", is_staff=True)
    pages = [add_url(User), page_url(user), page_url(machine), f"/admin/users/user/{user.pk}/password/"]

    texts = [boss.get(url).content.decode() for url in pages]

    for text in texts:
        assert not re.search(r"LDAP|algorithm|pbkdf2|argon|hash\b|salt\b|[Rr]aw passwords|Single Sign-On", text)
    assert "Is set" in texts[1]
    assert "None: cannot sign in" in texts[2]


def test_staff_and_buyers_are_two_lists_in_the_menu(boss: Client) -> None:
    User.objects.create_user("colleague@example.com", is_staff=True)
    User.objects.create_user("buyer@example.com")
    menu = boss.get("/admin/users/user/?is_staff__exact=1").content.decode()

    for query, shown, absent in (("1", "colleague", "buyer"), ("0", "buyer", "colleague")):
        url = f"/admin/users/user/?is_staff__exact={query}"
        assert f'href="{url}"' in menu
        page = boss.get(url).content.decode()
        rows = page[page.index('id="result_list"') :]
        assert f"{shown}@example.com" in rows
        assert f"{absent}@example.com" not in rows
