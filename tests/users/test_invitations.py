"""A colleague is invited by e-mail, and sets the password by a link that is good once and for a while."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client
from django.utils.http import urlsafe_base64_encode

from tests.shop.http.admin_pages import page_url, signed_in, superuser, text_of
from users.models.user import User
from users.services.create_api_key import create_api_key
from users.services.invitations.invite_colleague import (
    AlreadyIn,
    InvitationOver,
    MailNotTaken,
    accept_invitation,
    invite_colleague,
    renew_invitation,
    send_invitation,
)

INVITE = "/admin/users/user/invite/"
PASSWORD = "correct-horse-battery"


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def invite(boss: Client, email: str = "Ann@Example.com", **fields: Any) -> str:
    """The path of the link that was sent."""
    answer = boss.post(INVITE, {"email": email, "first_name": "Ann", "last_name": "", **fields})
    assert answer.status_code == 302, text_of(answer)
    return last_link()


def last_link() -> str:
    found = re.search(r"https?://[^/]+(/invitation/\S+)", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[1]


def accept(link: str, password: str = PASSWORD, again: str | None = None) -> Any:
    return Client().post(link, {"password": password, "again": password if again is None else again})


def test_who_is_invited_sets_a_password_and_signs_in_with_their_role(boss: Client) -> None:
    role = Group.objects.all()[0]

    link = invite(boss, role=str(role.pk))

    user = User.objects.get(email="ann@example.com")
    assert (user.is_staff, user.has_usable_password(), list(user.groups.all())) == (True, False, [role])
    assert mail.outbox[-1].to == ["ann@example.com"]
    page = Client().get(link)
    assert "ann@example.com" in text_of(page)
    assert page.content.decode().count('type="password"') == 2
    assert (page["Referrer-Policy"], "no-store" in page["Cache-Control"]) == ("same-origin", True)
    assert accept(link)["Location"] == "/admin/login/"
    signed = Client().post("/admin/login/", {"username": "ann@example.com", "password": PASSWORD})
    assert signed.status_code == 302


def test_a_link_is_good_once(boss: Client) -> None:
    link = invite(boss)
    assert accept(link).status_code == 302

    assert Client().get(link).status_code == 410
    assert accept(link, "another-long-password").status_code == 410
    assert User.objects.get(email="ann@example.com").check_password(PASSWORD)


def test_a_link_ends_when_it_is_old_withdrawn_or_another_one_is_sent(boss: Client, settings: Any) -> None:
    first = invite(boss)
    user = User.objects.get(email="ann@example.com")

    boss.post(f"/admin/users/user/{user.pk}/invite-again/", {})
    second = last_link()

    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200
    User.objects.update(is_active=False)
    assert accept(second).status_code == 410
    User.objects.update(is_active=True)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert accept(second).status_code == 410
    assert not User.objects.get(pk=user.pk).has_usable_password()


def test_a_forged_link_opens_nothing(boss: Client) -> None:
    link = invite(boss)
    other = User.objects.create_user("other@example.com", is_staff=True)
    key, token = link.split("/")[2:]

    for wrong in (f"/invitation/{urlsafe_base64_encode(other.pk.bytes)}/{token}", f"/invitation/{key}/{token[:-1]}x"):
        assert accept(wrong).status_code in (404, 410)
    assert not User.objects.filter(email="other@example.com").exclude(password__startswith="!").exists()


def test_a_password_that_is_too_easy_or_typed_in_two_ways_is_not_taken(boss: Client) -> None:
    link = invite(boss)

    assert accept(link, "12345678").status_code == 400
    assert "differ" in text_of(accept(link, PASSWORD, "something-else-long"))
    assert Client().get(link).status_code == 200


def test_an_address_with_a_login_is_refused_and_who_has_a_password_is_not_invited_again(boss: Client) -> None:
    user = User.objects.create_user("ann@example.com", PASSWORD, is_staff=True)

    assert "There is a login with this address" in text_of(boss.post(INVITE, {"email": "ANN@example.com"}))
    answer = boss.post(f"/admin/users/user/{user.pk}/invite-again/", {})
    assert "set a password already" in text_of(answer)
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_nobody_gives_a_role_beyond_their_own_or_invites_without_the_right(db: None) -> None:
    clerk = User.objects.create_user("clerk@example.com", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["add_user", "view_user", "change_group"]))
    stranger = User.objects.create_user("sales@example.com", is_staff=True)
    admin = max(Group.objects.all(), key=lambda group: group.permissions.count())

    answer = signed_in(clerk).post(INVITE, {"email": "ann@example.com", "role": str(admin.pk)})

    assert answer.status_code == 200, "the role is none of the choices"
    assert not User.objects.filter(email="ann@example.com").exists()
    assert signed_in(stranger).get(INVITE).status_code in (302, 403)


def test_the_link_is_shown_where_no_mail_server_takes_the_e_mail(boss: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    answer = boss.post(INVITE, {"email": "ann@corp.example.org", "first_name": "", "last_name": ""}, follow=True)

    assert re.search(r"Give them this link: https?://\S+/invitation/", text_of(answer))
    assert page_url(User.objects.get(email="ann@corp.example.org"))


def test_only_who_has_not_come_in_yet_is_offered_another_invitation(boss: Client) -> None:
    invite(boss)
    invited = User.objects.get(email="ann@example.com")
    buyer = User.objects.create_user("buyer@example.com")
    gone = User.objects.create_user("gone@example.com", is_staff=True, is_active=False)
    machine = User.objects.create_user("machine@example.com", is_staff=True)
    create_api_key(owner=machine, name="till", scopes=["orders:read"])

    def offers(user: User) -> bool:
        return f"/users/user/{user.pk}/invite-again" in boss.get(page_url(user)).content.decode()

    assert [offers(user) for user in (invited, buyer, gone, machine)] == [True, False, False, False]
    User.objects.filter(pk=invited.pk).update(last_login=invited.date_joined)
    assert not offers(invited)


def test_services_refuse_what_the_pages_refuse(boss: Client, settings: Any) -> None:
    """By their codes, for whoever calls them from elsewhere."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    user = invite_colleague(email="ann@example.com")

    with pytest.raises(MailNotTaken):
        send_invitation(user=user, link="https://shop.example/invitation/…")
    with pytest.raises(InvitationOver):
        accept_invitation(key=urlsafe_base64_encode(user.pk.bytes), token="forged", password=PASSWORD)
    user.set_password(PASSWORD)
    user.save()
    with pytest.raises(AlreadyIn):
        renew_invitation(user=user)
