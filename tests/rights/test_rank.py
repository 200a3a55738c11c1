"""A right over logins, roles or keys gives no right that one does not have."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from shared.models.record_change import RecordChange
from tests.shop.http.admin_pages import add_url, list_url, page_url, signed_in, text_of
from tests.shop.people import CustomerFactory, StaffFactory, SuperuserFactory, UserFactory
from users.models.api_key import ApiKey, Scope
from users.models.role import AccessLevel, Role
from users.models.tag import Tag
from users.models.team import Team
from users.models.user import User
from users.services.create_api_key import create_api_key

PASSWORD = "mine-all-mine-1"


@pytest.fixture
def clerk(db: None) -> User:
    """Personnel: changes logins, roles and keys, and sees customers."""
    rights = ("user", "group", "apikey", "role", "staffsession")
    names = [f"{verb}_{model}" for model in rights for verb in ("view", "add", "change", "delete")]
    role = Group.objects.create(name="personnel")
    role.permissions.set(Permission.objects.filter(codename__in=[*names, "view_customer"]))
    clerk = StaffFactory.create(email="clerk@example.com")
    clerk.groups.add(role)
    return clerk


def colleague(role: str, **fields: Any) -> User:
    user = StaffFactory.create(**fields)
    user.groups.add(Group.objects.get(name=role))
    return user


def held_by_hand() -> User:
    user = StaffFactory.create()
    user.user_permissions.add(Permission.objects.get(codename="delete_customer"))
    return user


ABOVE = {
    "a superuser": SuperuserFactory.create,
    "a manager": lambda: colleague("manager"),
    "a manager who is switched off": lambda: colleague("manager", is_active=False),
    "a former colleague": lambda: colleague("manager", is_staff=False),
    "somebody with a right of their own": held_by_hand,
}


@pytest.mark.parametrize("who", ABOVE)
def test_nothing_of_somebody_who_may_do_more_is_changed(clerk: User, who: str) -> None:
    target = ABOVE[who]()
    TOTPDevice.objects.create(user=target)
    key, _secret = create_api_key(owner=target, name="till", scopes=[Scope.ORDERS_READ])
    before = User.objects.values().get(pk=target.pk)
    client = signed_in(clerk)

    refusals = [
        client.post(page_url(target), {"email": "mine@example.com", "is_active": "on", "language": "en"}),
        client.post(f"/admin/users/user/{target.pk}/password/", {"password1": PASSWORD, "password2": PASSWORD}),
        client.post(page_url(target, "reset_second_factor")),
        client.get(page_url(target, "sign_in")),
        client.post(page_url(target, "sign_in"), {"do": "end_all"}),
        client.post(page_url(key, "revoke")),
    ]

    assert [answer.status_code for answer in refusals] == [403] * len(refusals)
    assert User.objects.values().get(pk=target.pk) == before
    assert TOTPDevice.objects.filter(user=target).exists()
    assert ApiKey.objects.get(pk=key.pk).revoked_at is None


@pytest.mark.parametrize("who", ABOVE)
def test_no_key_is_made_that_may_do_more_than_its_maker(clerk: User, who: str) -> None:
    target = ABOVE[who]()

    page = key_for(signed_in(clerk), target)

    assert "Select a valid choice" in text_of(page)
    assert not ApiKey.objects.exists()
    assert key_for(signed_in(clerk), clerk).status_code == 200
    assert ApiKey.objects.get().owner == clerk


def test_a_login_that_may_do_no_more_is_changed(clerk: User) -> None:
    buyer = UserFactory.create()

    signed_in(clerk).post(f"/admin/users/user/{buyer.pk}/password/", {"password1": PASSWORD, "password2": PASSWORD})

    buyer.refresh_from_db()
    assert buyer.check_password(PASSWORD)


@pytest.mark.parametrize("whose", ["clerk's own", "another's"])
def test_nobody_gives_a_role_with_rights_that_they_do_not_have(clerk: User, whose: str) -> None:
    target = clerk if whose == "clerk's own" else UserFactory.create()
    own, more = Group.objects.get(name="personnel"), Group.objects.get(name="manager")
    form = {"email": target.email, "language": "en", "is_active": "on", "is_staff": "on", "is_superuser": "on"}

    page = signed_in(clerk).post(page_url(target), {**form, "groups": [str(own.pk), str(more.pk)]})
    given = signed_in(clerk).post(page_url(target), {**form, "groups": [str(own.pk)]})

    assert "Select a valid choice" in text_of(page)
    assert given.status_code == 302, text_of(given)
    target.refresh_from_db()
    assert list(target.groups.all()) == [own]
    assert not target.is_superuser


def test_nobody_puts_a_right_into_a_role_that_they_do_not_have(clerk: User) -> None:
    own, more = Group.objects.get(name="personnel"), Group.objects.get(name="manager")
    wanted = Permission.objects.get(codename="refund_order")
    form = {"name": "personnel", "permissions": [str(wanted.pk)], "role-TOTAL_FORMS": "0", "role-INITIAL_FORMS": "0"}

    changed = signed_in(clerk).post(page_url(own), form)
    made = signed_in(clerk).post(add_url(Group), {**form, "name": "mine"})
    others = signed_in(clerk).post(page_url(more), {**form, "permissions": []})
    deleted = signed_in(clerk).post(page_url(more, "delete"), {"post": "yes"})

    assert "Select a valid choice" in text_of(changed)
    assert "Select a valid choice" in text_of(made)
    assert (others.status_code, deleted.status_code) == (403, 403)
    assert not own.permissions.filter(pk=wanted.pk).exists()
    assert more.permissions.exists()


def test_whoever_reaches_a_teams_records_alone_widens_nobodys_reach(clerk: User) -> None:
    Role.objects.create(group=Group.objects.get(name="personnel"), sees=AccessLevel.TEAM, changes=AccessLevel.TEAM)
    north, south = Team.objects.create(name="North"), Team.objects.create(name="South")
    User.objects.filter(pk=clerk.pk).update(team=north)
    peer = colleague("personnel", team=south)
    form = {"email": clerk.email, "language": "en", "is_active": "on", "team": str(south.pk)}

    signed_in(clerk).post(page_url(clerk), form)
    refused = signed_in(clerk).post(page_url(peer), {"email": "mine@example.com"})
    role = signed_in(clerk).post(page_url(Group.objects.get(name="personnel")), {"name": "x"})

    clerk.refresh_from_db()
    assert clerk.team == north
    assert (refused.status_code, role.status_code) == (403, 403)


def test_a_record_tells_of_its_past_only_what_the_reader_may_view(clerk: User) -> None:
    customer = CustomerFactory.create(name="Ada")
    customer.tags.add(Tag.objects.create(name="Secret society"))
    customer.consents.create(purpose="profiling", is_given=True, source="a whispered call")
    SuperuserFactory.create(email="boss@example.com")
    page = page_url(customer, "history")

    seen = text_of(signed_in(clerk).get(page))
    boss = text_of(signed_in(User.objects.get(email="boss@example.com")).get(page))

    assert "Ada" in seen
    assert not [word for word in ("Secret society", "a whispered call") if word in seen]
    assert [word for word in ("Secret society", "a whispered call") if word in boss] == [
        "Secret society",
        "a whispered call",
    ]


def test_how_a_colleague_signs_in_is_told_to_who_looks_after_sign_ins(clerk: User) -> None:
    target = UserFactory.create()
    TOTPDevice.objects.create(user=target, name="phone")
    reader = colleague("sales")

    assert "phone" in text_of(signed_in(clerk).get(page_url(target, "history")))
    assert "phone" not in text_of(signed_in(reader).get(page_url(target, "history")))


def test_the_list_of_all_changes_leaves_out_what_the_reader_may_not_view(db: None) -> None:
    manager = colleague("manager")
    create_api_key(owner=manager, name="till", scopes=[])
    CustomerFactory.create(name="Ada")
    client = signed_in(manager)
    hidden = RecordChange.objects.get(table="users_api_key")

    assert rows_of(client.get(list_url(RecordChange))) >= {"users_customer"}
    assert "users_api_key" not in rows_of(client.get(list_url(RecordChange)))
    assert rows_of(client.get(list_url(RecordChange), {"kind": "users_api_key"})) == set()
    assert rows_of(client.get(list_url(RecordChange), {"kind": "users_customer"})) == {"users_customer"}
    for query in ("", "?kind=users_customer"):
        assert client.get(page_url(hidden) + query).status_code == 302  # as of a row that is not there


def test_whoever_reaches_some_records_alone_reads_their_past_on_them(db: None) -> None:
    Role.objects.filter(key="manager").update(sees=AccessLevel.OWN)
    CustomerFactory.create(name="Ada", owner=StaffFactory.create())

    assert rows_of(signed_in(colleague("manager")).get(list_url(RecordChange))) == set()


def rows_of(answer: Any) -> set[str]:
    return {change.table for change in answer.context["cl"].result_list}


def key_for(client: Client, owner: User) -> Any:
    tomorrow = timezone.now() + timedelta(days=1)
    expires = {"expires_at_0": tomorrow.strftime("%Y-%m-%d"), "expires_at_1": "12:00"}
    return client.post(add_url(ApiKey), {"name": "mine", "owner": str(owner.pk), "scopes": ["orders:read"], **expires})
