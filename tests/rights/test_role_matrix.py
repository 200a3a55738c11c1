"""Every page of the admin and every route of the API, as every role: found in the URL configuration, held to
users/access/roles.py by tests/rights/role_routes.py."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest
from django.test import Client, override_settings
from django.urls import URLPattern, get_resolver, reverse

from catalog.models.seller import Seller
from catalog.models.seller_member import SellerMember
from catalog.models.variant import Variant
from config.api import urlpatterns as api_routes
from crm.models.deal import Deal
from shared.actor import SYSTEM
from tests.rights.role_routes import (
    ACTIONS,
    ARGUMENTS,
    HIDDEN,
    MODEL_PAGES,
    ONES_OWN,
    OPEN_ROUTES,
    PAGES,
    PUBLIC,
    RESOURCES,
    UNDECIDED,
    Need,
)
from tests.shop.admin_rows import make_one_of_each
from tests.shop.every_table.crm import fill_crm
from tests.shop.http.admin_pages import signed_in, superuser, without_menu
from tests.shop.http.answer import Answer
from tests.shop.http.api_client import BASE, login, machine, ok
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


class Route(NamedTuple):
    """`need` is None where no right decides."""

    name: str
    method: str
    url: str
    need: Need | None

    def __str__(self) -> str:
        return f"{self.method} {self.name}"


@pytest.fixture
def shop(db: None) -> None:
    """A row of everything, owned by nobody: whose rows a role reaches is tested in test_ownership.py."""
    make_one_of_each("shop")
    deal = Deal.objects.latest("id")
    fill_crm(Buyer(deal.customer, SYSTEM), deal, variant_id=Variant.objects.latest("id").pk)
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
                expected = as_superuser if may(role, page) else {403, 405}  # some pages ask for a POST first
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
            assert status(browser, page) in {403, 405}, page


def test_nobody_below_staff_enters_the_admin(shop: None) -> None:
    for client in (Client(), signed_in(User.objects.create_user("buyer@example.com"))):
        for page in admin_pages():
            if page.need is not None:
                assert status(client, page) in {302, 403, 405}, page


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


def admin_pages() -> Iterator[Route]:
    """GET and POST of every page."""
    site: Any
    [site] = [found for found in get_resolver().url_patterns if getattr(found, "namespace", None) == "admin"]
    for prefix, pattern in leaves(site.url_patterns):
        if pattern.name is None:  # the site's 404, and old addresses that lead to a change page
            continue
        need = need_of_page(pattern.name)
        url = reverse(f"admin:{pattern.name}", kwargs=arguments_of(pattern, prefix))
        yield from (Route(pattern.name, method, url, need) for method in ("GET", "POST"))


def leaves(patterns: Any, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield prefix, pattern
        else:
            yield from leaves(pattern.url_patterns, prefix + str(pattern.pattern))


def need_of_page(name: str) -> Need | None:
    if name in UNDECIDED:
        return None
    app, _, rest = name.partition("_")
    model, _, kind = rest.rpartition("_")
    if name not in PAGES and kind in MODEL_PAGES and (app, model) in registered_models():
        look, do = MODEL_PAGES[kind]
        return Need((f"{app}.{look}_{model}",), (f"{app}.{do}_{model}",))
    return PAGES.get(name)


def registered_models() -> dict[tuple[str, str], Any]:
    return {(model._meta.app_label, str(model._meta.model_name)): model for model in admin.site._registry}


def arguments_of(pattern: URLPattern, prefix: str) -> dict[str, Any]:
    """Of a page about a row: one that there is, else one that there is not."""
    if pattern.name in ARGUMENTS:
        return dict(ARGUMENTS[pattern.name])
    names = [*getattr(pattern.pattern, "converters", {}), *pattern.pattern.regex.groupindex]
    wanted = [name for name in dict.fromkeys(names) if name != "url"]
    if not wanted:
        return {}
    if wanted == ["app_label"]:
        return {"app_label": "users"}
    found = re.match(r"(\w+)/(\w+)/", prefix)
    model = registered_models().get(found.groups() if found else None)  # type: ignore[arg-type]
    row = model._default_manager.first() if model is not None else None
    return {name: row.pk if row is not None else missing(pattern, name) for name in wanted}


def missing(pattern: URLPattern, name: str) -> Any:
    is_number = "Int" in type(getattr(pattern.pattern, "converters", {}).get(name)).__name__
    return 0 if is_number else uuid4()


def api_calls() -> Iterator[Route]:
    """Every method of every route."""
    for pattern in api_routes:
        actions: dict[str, str] = getattr(pattern.callback, "actions", {})
        if not actions and pattern.name not in OPEN_ROUTES:
            yield Route(str(pattern.name), "GET", BASE, None)
        for method, action in list(actions.items()):
            if method not in {"head", "options"}:
                yield Route(f"{pattern.name} ({action})", method.upper(), url_of(pattern), need_of(pattern, action))


def url_of(pattern: URLPattern) -> str:
    view: Any = pattern.callback
    rows = view.cls.queryset.model._default_manager
    of_row = "pk" in getattr(pattern.pattern, "converters", {})
    return reverse(str(pattern.name), kwargs={"pk": getattr(rows.first(), "pk", None) or uuid4()} if of_row else None)


def need_of(pattern: URLPattern, action: str) -> Need | None:
    name = str(pattern.name)
    base = max((base for base in RESOURCES if name.startswith(f"{base}-")), key=len, default="")
    label, own = RESOURCES.get(base, ("", {}))
    need = own.get(action)
    if need is None and base and action in ACTIONS:
        app, model = label.split(".")
        return Need((f"{app}.{ACTIONS[action]}_{model}",))
    return need if isinstance(need, Need) else None


def is_public(route: Route) -> bool:
    """Whether everybody may: what the table calls public."""
    name, action = route.name.rstrip(")").split(" (")
    return any(own.get(action) == PUBLIC and name.startswith(f"{base}-") for base, (_, own) in RESOURCES.items())


def autocompletes() -> Iterator[tuple[str, str, str, str]]:
    """App, model, field, and the model that is looked through."""
    for model, model_admin in list(admin.site._registry.items()):
        for field in model_admin.get_autocomplete_fields(HttpRequest()):
            related: Any = model._meta.get_field(field)
            target = related.remote_field.model
            yield model._meta.app_label, str(model._meta.model_name), field, target._meta.label_lower


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
