"""Queries over HTTP, and what may be asked for by the schema itself."""

import json
from collections.abc import Iterator
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, get_named_type, is_leaf_type

from config.graphql.schema import compiled
from shared.graphql.doors import Door
from tests.shop.http.answer import Answer
from tests.shop.http.api_client import Caller

URL = "/api/graphql"
# Shown as they are kept, whatever is in them.
JSON = {"data", "custom_fields"}


def ask(caller: Caller, query: str, **variables: Any) -> dict[str, Any]:
    """The body of an answer that came with 200."""
    answer = send(caller, query, **variables)
    assert answer.status_code == 200, answer.content[:2000]
    body: dict[str, Any] = json.loads(answer.content)
    return body


def send(caller: Caller, query: str, **variables: Any) -> Answer:
    return caller.send("POST", URL, {"query": query, "variables": variables})


def data_of(caller: Caller, query: str, **variables: Any) -> Any:
    """What was asked for, with no error."""
    body = ask(caller, query, **variables)
    assert "errors" not in body, body["errors"]
    return body["data"]


def codes(body: dict[str, Any]) -> list[str]:
    return [error["extensions"]["code"] for error in body.get("errors", ())]


def fields_with_doors(kind: str) -> Iterator[tuple[str, GraphQLField, Door]]:
    """Fields of a type that go through a route of the API."""
    for name, field in object_type(kind).fields.items():
        declared = field.extensions["strawberry-definition"]
        if (door := declared.metadata.get("door")) is not None:
            yield name, field, door


def object_type(name: str) -> GraphQLObjectType:
    found = compiled.type_map[name]
    assert isinstance(found, GraphQLObjectType)
    return found


def node_type(field: GraphQLField) -> GraphQLObjectType:
    """What the connection, or the edge, leads to."""
    kind = get_named_type(field.type)
    found: GraphQLObjectType = get_named_type(kind.fields["nodes"].type) if "nodes" in kind.fields else kind
    return found


def plain_selection(kind: GraphQLObjectType) -> str:
    """All fields of a type that go through no door, with those of what stands within it."""
    chosen = []
    for name, field in kind.fields.items():
        if field.extensions["strawberry-definition"].metadata.get("door") is not None:
            continue
        inner = get_named_type(field.type)
        chosen.append(name if is_leaf_type(inner) else f"{name} {{ {plain_selection(inner)} }}")
    return " ".join(chosen)


def as_rest(node: Any, shown: Any) -> Any:
    """What REST shows, as GraphQL names it: a link to a record is its id. What GraphQL has behind a field with a door
    of its own is left out."""
    if isinstance(shown, list):
        return [as_rest(node[0] if node else None, each) for each in shown]
    if not isinstance(shown, dict) or not isinstance(node, dict):
        return shown
    named = {}
    for name, value in shown.items():
        key = camel(name) if camel(name) in node else camel(f"{name}_id")
        if key in node:
            named[key] = value if name in JSON else as_rest(node[key], value)
    return named


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.title() for other in others)
