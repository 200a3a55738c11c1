"""The list of first steps: ticked by what there is, gone when all is done or somebody has dismissed it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from shared.database.operation_runs import record_run
from shared.models.operation_run import OperationKind
from shop.models.shop import Shop
from shop.services.follow_first_steps import NoMail, send_test_mail
from shop.services.update_shop import update_shop
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import signed_in, statements, superuser, text_of
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from users.models.user import User

TITLES = ("Name your shop", "Add a product", "Receive goods", "Let e-mails work", "Place an order", "Make a backup")


@pytest.fixture
def owner(db: None) -> User:
    return superuser()


def open_steps(client: Client) -> list[str]:
    """Titles of those that are not ticked."""
    # Alerts are a list of the same look.
    card = (
        client.get("/admin/")
        .content.decode()
        .partition('aria-labelledby="k-first-steps"')[2]
        .partition("</section>")[0]
    )
    rows = card.split('<li class="k-step')[1:]
    return [next(title for title in _ALL if title in row) for row in rows if not row.startswith(" k-step-done")]


_ALL = (*TITLES, "Invite a colleague", "Set up a second factor")


def test_each_step_is_ticked_by_what_there_is(owner: User) -> None:
    client = signed_in(owner)
    assert set(open_steps(client)) == set(_ALL)

    update_shop(changes={"name": "Tea & Cups"})
    assert "Name your shop" not in open_steps(client)
    level = make_level(on_hand=3)
    assert not {"Add a product", "Receive goods"} & set(open_steps(client))
    order_of(make_buyer(), (level, 1))
    assert "Place an order" not in open_steps(client)
    User.objects.create_user("colleague@example.com", is_staff=True)
    TOTPDevice.objects.create(user=owner, confirmed=True)
    record_run(OperationKind.BACKUP, began_at=datetime(2026, 1, 1, tzinfo=UTC), has_succeeded=False)
    assert open_steps(client) == ["Let e-mails work", "Make a backup"]

    record_run(OperationKind.BACKUP, began_at=datetime(2026, 1, 1, tzinfo=UTC), has_succeeded=True)
    Shop.objects.update(mail_worked_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert "First steps" not in text_of(client.get("/admin/"))


def test_it_is_dismissed_for_everybody_and_not_read_again(owner: User) -> None:
    client, version = signed_in(owner), Shop.objects.get().version

    assert client.post("/admin/first-steps/dismiss/").status_code == 302

    other = signed_in(superuser("other@example.com"))
    assert "First steps" not in text_of(other.get("/admin/"))
    assert not [sql for sql in statements(other, "/admin/") if "shared_operation_run" in sql]
    assert Shop.objects.get().version == version
    assert client.get("/admin/first-steps/dismiss/").status_code == 303


def test_who_may_not_change_the_shop_neither_sees_nor_dismisses_it(owner: User) -> None:
    colleague = User.objects.create_user("sales@example.com", is_staff=True)
    colleague.user_permissions.set(Permission.objects.filter(codename="view_shop"))
    client = signed_in(colleague)

    assert "First steps" not in text_of(client.get("/admin/"))
    assert client.post("/admin/first-steps/dismiss/").status_code == 403
    assert client.post("/admin/first-steps/test-mail/").status_code == 403


def test_a_test_e_mail_needs_a_mail_server_and_says_what_it_says(owner: User, settings: Any) -> None:
    client = signed_in(owner)

    assert "No mail server is set" in text_of(client.post("/admin/first-steps/test-mail/", follow=True))

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert "The mail server does not take e-mails" in text_of(client.post("/admin/first-steps/test-mail/", follow=True))
    with pytest.raises(NoMail):
        send_test_mail(to=owner.email)
    assert Shop.objects.get().mail_worked_at is None
