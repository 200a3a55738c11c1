"""What REST knows, GraphQL knows, or a table says why not: routes, what they answer and what they take."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import resolve, reverse
from graphql import GraphQLField, GraphQLInputObjectType, get_named_type, is_object_type, is_union_type

from ops.published_api import PUBLISHED
from shared.graphql.doors import Door
from tests.config.graphql.asking import camel, fields_with_doors, node_type
from tests.config.graphql.unknown import MEMBERS, OPERATIONS

# How a page or an answer is asked for, and which page comes next: a connection's own arguments and pageInfo.
OF_HTTP = {"cursor", "limit", "fields", "next", "next_cursor", "previous", "next_after", "caught_up", "If-None-Match"}
WRAPPERS = {"results", "events"}
HEADERS = {"Idempotency-Key": "idempotencyKey", "If-Match": "version", "version": "version", "id": "id"}
Published = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def published() -> Published:
    promises: Published = json.loads(PUBLISHED.read_text())
    return promises


def route_of(door: Door) -> str:
    """As the API's description names it."""
    some_id = "00000000-0000-7000-8000-000000000000"
    path = reverse(door.route, kwargs={"pk": some_id} if door.has_row else None)
    assert resolve(path).url_name == door.route
    return f"{door.method} {path.replace(some_id, '{id}')}"


def fields_by_route() -> dict[str, list[GraphQLField]]:
    found: dict[str, list[GraphQLField]] = {}
    for kind in ("Query", "Mutation"):
        for _name, field, door in fields_with_doors(kind):
            found.setdefault(route_of(door), []).append(field)
    return found


def doors_behind_edges() -> set[str]:
    """Routes that are known beneath a record and nowhere else."""
    kinds = [field for fields in fields_by_route().values() for field in fields]
    seen: set[str] = set()
    routes: set[str] = set()
    while kinds:
        kind = record_of(kinds.pop())
        if kind.name in seen:
            continue
        seen.add(kind.name)
        for _name, field, door in fields_with_doors(kind.name):
            routes.add(route_of(door))
            kinds.append(field)
    return routes


def record_of(field: GraphQLField) -> Any:
    """The type of what a field shows; of a change, of what it leaves."""
    kind: Any = get_named_type(field.type)
    if is_union_type(kind):
        success = next(each for each in kind.types if not each.interfaces)
        return next(inner for each in success.fields.values() if is_object_type(inner := get_named_type(each.type)))
    return node_type(field) if is_object_type(kind) else kind


def unknown_answers(promise: dict[str, Any], kind: Any) -> Iterator[str]:
    """Members of the answer that the type has not, those of members behind a dot."""
    for member in promise["answer"]:
        first, *others = member.split(".")
        path = others if first in WRAPPERS and camel(first) not in kind.fields else [first, *others]
        if path and path[0] not in OF_HTTP and not is_shown(path, kind):
            yield ".".join(path)


def is_shown(path: list[str], kind: Any) -> bool:
    for part in path:
        if not is_object_type(kind):
            return bool(kind.name == "JSON")  # shown as it is kept
        # REST names a link by its record; here that is the record, which has an id.
        name = next((each for each in (camel(part), camel(f"{part}_id")) if each in kind.fields), None)
        if name is None:
            return False
        kind = record_of(kind.fields[name])
    return True


def unknown_input(promise: dict[str, Any], field: GraphQLField) -> Iterator[str]:
    """Members of the body and parameters that cannot be given."""
    for member in (*promise["body"], *promise["parameters"]):
        if member not in OF_HTTP and not is_taken(member, field):
            yield member


def is_taken(member: str, field: GraphQLField) -> bool:
    if member in HEADERS:
        return HEADERS[member] in field.args
    first, *others = member.split(".")
    containers = [get_named_type(field.args[name].type) for name in ("input", "filter") if name in field.args]
    args = dict(field.args)
    for container in containers:
        assert isinstance(container, GraphQLInputObjectType)
        args |= container.fields
    if camel(first) not in args:
        return False
    kind: Any = get_named_type(args[camel(first)].type)
    for part in others:
        inner = getattr(kind, "fields", None)
        if inner is None:
            return True
        if camel(part) not in inner:
            return False
        kind = get_named_type(inner[camel(part)].type)
    return True


def test_each_route_is_known_or_excused(published: Published) -> None:
    known = {*fields_by_route(), *doors_behind_edges()}
    excused = {name for names in OPERATIONS.values() for name in names}

    unknown = {name for name, promise in published.items() if promise["route"] not in known}

    assert sorted(unknown - excused) == []
    assert sorted(excused - unknown) == [], "These are known by now, or gone."
    assert sum(map(len, OPERATIONS.values())) == len(excused), "Each is excused once."


def test_each_member_of_what_is_known_is_known_or_excused(published: Published) -> None:
    fields = fields_by_route()
    missing: set[tuple[str, str]] = set()
    for name, promise in published.items():
        for field in fields.get(promise["route"], ()):
            missing |= {(name, member) for member in unknown_answers(promise, record_of(field))}
            missing |= {(name, member) for member in unknown_input(promise, field)}
    excused = {(name, member) for table in MEMBERS.values() for name, member in table}

    assert sorted(missing - excused) == []
    assert sorted(excused - missing) == [], "These are known by now, or gone."
