"""What a key may touch: every route is driven with the scopes it asks for, and the tables that its statements name are
held against tests/rights/scope_tables.py. A route that nobody drives, or a table that no scope covers, fails."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse
from rest_framework.test import APIRequestFactory

from catalog.models.variant import Variant
from config.api import urlpatterns
from crm.models.deal import Deal
from shared.actor import SYSTEM
from shared.api.permissions import needed_scopes
from tests.rights.scope_calls import CALLS, Call
from tests.rights.scope_tables import BESIDES, MACHINERY, PUBLIC, SCOPES, Covers
from tests.shop.admin_rows import make_one_of_each
from tests.shop.every_table.crm import fill_crm
from tests.shop.http.answer import Answer
from tests.shop.http.api_client import Caller, machine
from tests.shop.people import Buyer, SuperuserFactory
from tests.shop.pictures import a_picture
from users.models.api_key import Scope
from users.models.user import User

pytestmark = pytest.mark.long

_WRITTEN = re.compile(r'\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?')
_SIGN_IN = "users_api_key"  # which key it is, and whose


class Route(NamedTuple):
    pattern: URLPattern
    method: str
    action: str

    def __str__(self) -> str:
        return f"{self.pattern.name} ({self.action})"

    @property
    def scopes(self) -> tuple[str, ...]:
        """As the view names them."""
        view = self.pattern.callback.cls()  # type: ignore[attr-defined]
        view.action = self.action
        return needed_scopes(APIRequestFactory().generic(self.method, "/"), view)

    @property
    def is_public(self) -> bool:
        return self.method == "GET" and not self.scopes

    def url(self, call: Call) -> str:
        has_row = "pk" in getattr(self.pattern.pattern, "converters", {})
        return reverse(str(self.pattern.name), kwargs={"pk": getattr(call.row, "pk", None)} if has_row else None)


@pytest.fixture
def owner(db: None) -> User:
    """Of the keys, who may do everything; there is a row of each table."""
    make_one_of_each("shop")
    a_picture()
    deal = Deal.objects.latest("id")
    fill_crm(Buyer(deal.customer, SYSTEM), deal, variant_id=Variant.objects.latest("id").pk)
    return SuperuserFactory.create()


def test_every_scope_says_which_tables_it_covers() -> None:
    there = set(tables())

    assert SCOPES.keys() == set(Scope.values)
    named = {table for covers in (*SCOPES.values(), *BESIDES.values()) for table in covers.reads | covers.writes}
    assert named - there == set()
    assert BESIDES.keys() <= {str(route) for route in routes()}


def test_every_route_touches_only_what_its_scopes_cover(owner: User) -> None:
    faults = []
    for route in routes():
        call = call_of(route)
        with CaptureQueriesContext(connection) as captured:
            answer = rolled_back(machine(owner, *route.scopes), route, call)
        if answer.status_code >= 300:
            faults.append(f"{route} was not driven: {answer.status_code} {answer.content[:300]!r}")
        read, written = touched(query["sql"] for query in captured.captured_queries)
        allowed = covered(route)
        faults += [f"{route} reads {table}, beyond {route.scopes}" for table in read - allowed.reads]
        faults += [f"{route} writes {table}, beyond {route.scopes}" for table in written - allowed.writes]
    assert not faults, "\n".join(sorted(faults))


def test_no_route_serves_a_key_that_lacks_one_of_its_scopes(owner: User) -> None:
    all_but = {scope: machine(owner, *(set(Scope.values) - {scope})) for scope in Scope.values}

    faults = []
    for route in routes():
        if route.is_public:
            continue
        url = route.url(Call(first_row(route)))
        for scope in route.scopes:
            with CaptureQueriesContext(connection) as captured:
                status = all_but[scope].send(route.method, url, {}).status_code
            read, written = touched(query["sql"] for query in captured.captured_queries)
            if status != 403 or read | written:
                faults.append(f"{route} with all but {scope}: {status}, touching {sorted(read | written)}")
    assert not faults, "\n".join(faults)


def routes() -> Iterator[Route]:
    """Every method of every route that a key may use."""
    for pattern in urlpatterns:
        for method, action in list(getattr(pattern.callback, "actions", {}).items()):
            if method != "head":
                yield Route(pattern, method.upper(), action)


def call_of(route: Route) -> Call:
    """What is sent: of a list nothing, of one record the first there is, and else what CALLS makes."""
    if str(route) in CALLS:
        return CALLS[str(route)]()
    return Call(first_row(route))


def first_row(route: Route) -> Any:
    return route.pattern.callback.cls.queryset.model._default_manager.first()  # type: ignore[attr-defined]


def covered(route: Route) -> Covers:
    """By the route's scopes together."""
    parts = [*(SCOPES[scope] for scope in route.scopes), BESIDES.get(str(route), Covers())]
    writes = MACHINERY.union(*(part.writes for part in parts))
    return Covers(PUBLIC.union(writes, *(part.reads for part in parts)), writes)


def touched(statements: Iterator[str]) -> tuple[set[str], set[str]]:
    """The tables that the statements name to read, and those that they write."""
    named, written = set[str](), set[str]()
    for sql in statements:
        if _SIGN_IN not in sql:
            words = set(re.findall(r"\w+", sql))
            named |= words & tables()
            written |= set(_WRITTEN.findall(sql)) & tables()
    return named - written, written


@cache
def tables() -> frozenset[str]:
    return frozenset(model._meta.db_table for model in apps.get_models(include_auto_created=True))


def rolled_back(key: Caller, route: Route, call: Call) -> Answer:
    """The answer, and as if it had not been asked for."""
    point = transaction.savepoint()
    try:
        return key.send(route.method, route.url(call), call.body)
    finally:
        transaction.savepoint_rollback(point)
