"""The list of first steps: hidden for everybody, brought back, and its test e-mail."""

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings

from shop.models.shop import Shop
from shop.services.ensure_shop import ensure_shop
from tests.shop.http.admin_pages import page_url, signed_in, superuser
from tests.shop.servers.smtp_server import Letters, mail_server

DISMISS, TEST_MAIL = "/admin/first-steps/dismiss/", "/admin/first-steps/test-mail/"


@pytest.fixture
def boss(db: None) -> Client:
    ensure_shop()
    return signed_in(superuser(email="boss@shop.example"))


@pytest.fixture
def letters() -> Iterator[Letters]:
    with mail_server() as there:
        yield there


def read(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_what_was_hidden_for_everybody_is_brought_back_on_the_shops_page(boss: Client) -> None:
    url, again = page_url(Shop.objects.get()), page_url(Shop.objects.get(), "show_first_steps")
    assert "Hide it for everybody" in read(boss, "/admin/")
    assert again not in read(boss, url)

    told = boss.post(DISMISS, follow=True).content.decode()

    assert "Nobody is shown the first steps any more" in told
    assert "Hide it for everybody" not in told
    assert again in read(boss, url)
    assert "Show them" in read(boss, again)
    assert not read(boss, "/admin/").count("Hide it for everybody")
    assert boss.post(again).status_code == 302
    assert "Hide it for everybody" in read(boss, "/admin/")


def test_a_test_mail_goes_to_whoever_asks_a_few_times_a_minute(boss: Client, letters: Letters) -> None:
    for _ in range(3):
        assert "has taken an e-mail" in boss.post(TEST_MAIL, follow=True).content.decode()

    assert "Try again in" in boss.post(TEST_MAIL, follow=True).content.decode()
    assert len(letters.to("boss@shop.example")) == 3


def test_without_a_mail_server_the_page_says_so(boss: Client) -> None:
    """NoMail."""
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend"):
        assert "No mail server is set" in boss.post(TEST_MAIL, follow=True).content.decode()

    assert Shop.objects.get().mail_worked_at is None
