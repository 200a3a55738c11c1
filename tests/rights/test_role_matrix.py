"""Every page of the admin and every route of the API, as every role: found in the URL configuration, held to
users/access/roles.py by tests/rights/role_routes.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from catalog.models.seller import Seller
from catalog.models.seller_member import SellerMember
from catalog.models.variant import Variant
from crm.models.deal import Deal
from events.models.event import Event
from shared.actor import SYSTEM
from tests.rights.role_routes import (
    HIDDEN,
    ONES_OWN,
    UNDECIDED,
)
from tests.rights.routes import Route, admin_pages, api_calls, autocompletes, is_public
from tests.shop.admin_rows import make_one_of_each
from tests.shop.every_table.crm import fill_crm
from tests.shop.http.admin_pages import signed_in, superuser, without_menu
from tests.shop.http.answer import Answer
from tests.shop.http.api_client import login, machine, ok
from tests.shop.people import Buyer
from users.access.ownership import OWNERS
from users.access.roles import ROLES, permissions_of
from users.models.api_key import Scope
from users.models.user import User

pytestmark = pytest.mark.long
HELD = {role.key: permissions_of(role.key) for role in ROLES}
FEWEST_RIGHTS_FIRST = sorted(HELD, key=lambda role: len(HELD[role]))
# The walk through the admin's pages, cut by app: each page is asked for and drawn as superuser and as the role that may
# with the fewest rights, then asked for as every other role. The sidebar is on all of them, the same for one role, and
# dearer than most: only the dashboard, by itself, has it.
REST, DASHBOARD = "rest", "index"
PARTS = ("catalog", "inventory", "crm", "orders", "users", REST, DASHBOARD)


@pytest.fixture
def shop(db: None, settings: Any) -> None:
    """A row of everything, owned by nobody: whose rows a role reaches is tested in test_ownership.py. Who asks is read
    once and not for each page: that took a sixth of the time."""
    settings.AUTHENTICATION_BACKENDS = ["tests.rights.known_users.Backend"]
    make_one_of_each("shop")
    deal = Deal.objects.latest("id")
    fill_crm(Buyer(deal.customer, SYSTEM), deal, variant_id=Variant.objects.latest("id").pk)
    Event.objects.exclude(type="product.created").delete()  # what all roles see events of
    models = {model._meta.label_lower: model for model in admin.site._registry}
    for label, field in OWNERS.items():
        models[label]._default_manager.update(**{field: None})


def test_every_page_and_every_route_says_what_it_needs(shop: None) -> None:
    unknown = [page.name for page in admin_pages() if page.need is None and page.name not in UNDECIDED]
    unknown += [route.name for route in api_calls() if route.need is None and not is_public(route)]

    assert not unknown, f"Say in tests/rights/role_routes.py which permission each needs: {unknown}"


@pytest.mark.parametrize("part", PARTS)
def test_every_page_of_the_admin_opens_to_those_whose_role_says_so(shop: None, part: str, settings: Any) -> None:
    if part != DASHBOARD:
        settings.UNFOLD = without_menu()
    boss = signed_in(superuser())
    colleagues = {role: signed_in(member_of(role)) for role in FEWEST_RIGHTS_FIRST}

    drawn: dict[Route, tuple[str, set[int]]] = {}
    faults = []
    pages = [page for page in admin_pages() if page.need is not None and part_of(page) == part]
    for page in pages:
        if role := next((role for role in colleagues if may(role, page)), None):
            drawn[page] = role, {status(boss, page), *([404] if page.name in ONES_OWN else [])}
            if (got := status(colleagues[role], page)) not in drawn[page][1]:
                faults.append(f"{role}: {page}: {got}, not {drawn[page][1]}")
    with nothing_drawn():
        for page in pages:
            first, as_superuser = drawn.get(page, ("", set()))
            for role in colleagues.keys() - {first}:
                expected = as_superuser if may(role, page) else {403, 303}  # some only take what is sent
                if (got := status(colleagues[role], page)) not in expected:
                    faults.append(f"{role}: {page}: {got}, not {expected}")
    assert not faults, "\n".join(faults)


def test_every_route_of_the_api_serves_those_whose_role_says_so(shop: None) -> None:
    boss = login(superuser())
    colleagues = {role: login(member_of(role)) for role in HELD}

    faults = []
    for route in api_calls():
        if route.need is None and not is_public(route):
            continue
        as_superuser = cache(partial(rolled_back, partial(boss.send, route.method, route.url, {})))
        for role, colleague in colleagues.items():
            if route.need is None or set(route.need.of(route.method)) <= HELD[role]:
                expected = as_superuser()  # some routes are nobody's, and bodies here are empty
            else:
                expected = 404 if route.name in HIDDEN else 403
            if (got := rolled_back(partial(colleague.send, route.method, route.url, {}))) != expected:
                faults.append(f"{role}: {route}: {got}, not {expected}")
    assert not faults, "\n".join(faults)


def test_staff_without_a_role_see_themselves_and_nothing_else(shop: None) -> None:
    plain = User.objects.create_user("plain@example.com", is_staff=True)
    colleague, key, browser = login(plain), machine(plain, *Scope.values), signed_in(plain)

    answers = {}
    for route in api_calls():
        if route.need is not None and not is_public(route):
            for who in (colleague, key):
                answers[str(route)] = rolled_back(partial(who.send, route.method, route.url, {}))
    assert {route: got for route, got in answers.items() if got != 403} == {
        "GET user-detail (retrieve)": 404,
        "GET user-me (me)": 200,
    }
    assert ok(colleague.get(f"/users/{plain.pk}")) == ok(colleague.get("/users/me"))
    for page in admin_pages():
        if page.need is not None and page.need.of(page.method):
            assert status(browser, page) in {403, 303}, page


def test_nobody_below_staff_enters_the_admin(shop: None) -> None:
    for client in (Client(), signed_in(User.objects.create_user("buyer@example.com"))):
        for page in admin_pages():
            if page.need is not None:
                assert status(client, page) in {302, 303, 403}, page


def test_autocomplete_finds_only_what_the_role_may_view(shop: None) -> None:
    for role, held in HELD.items():
        colleague = signed_in(member_of(role))
        for app, model, field, target in autocompletes():
            answer = colleague.get(
                reverse("admin:autocomplete"), {"app_label": app, "model_name": model, "field_name": field}
            )
            app_label, name = target.split(".")
            expected = 200 if f"{app_label}.view_{name}" in held else 403
            assert answer.status_code == expected, (role, model, field)


def member_of(role: str) -> User:
    user = User.objects.create_user(f"{role}@roles.example", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    for seller in Seller.objects.all():  # whose rows a role reaches is another test
        SellerMember.objects.create(user=user, seller=seller)
    return user


def may(role: str, page: Route) -> bool:
    assert page.need is not None
    return set(page.need.of(page.method)) <= HELD[role]


@contextmanager
def nothing_drawn() -> Iterator[None]:
    """Views decide and answer as ever, and every template is empty: drawing took half of the time, and who may come in
    is settled before."""
    engine: Any = settings.TEMPLATES[0]
    options = engine["OPTIONS"] | {"loaders": ["tests.rights.empty_templates.Loader"]}
    with override_settings(TEMPLATES=[engine | {"APP_DIRS": False, "OPTIONS": options}]):
        yield


def part_of(page: Route) -> str:
    app = page.name.partition("_")[0]
    return app if app in PARTS else REST


def status(client: Client, page: Route) -> int:
    cookies: Any = client.cookies.copy()
    try:
        send = client.get if page.method == "GET" else client.post
        return rolled_back(partial(send, page.url))
    finally:
        client.cookies = cookies


def rolled_back(send: Callable[[], Answer]) -> int:
    """The answer's status, and as if it had not been asked for."""
    point = transaction.savepoint()
    try:
        return send().status_code
    finally:
        transaction.savepoint_rollback(point)
