"""What would cost too much, or is no query, is refused with its code before any statement is sent."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from graphql import build_client_schema, get_introspection_query, get_named_type

from config.graphql.schema import compiled
from shared.graphql.documents import MAX_FRAGMENTS, MAX_TOKENS
from tests.config.graphql.asking import URL, ask, codes, data_of, fields_with_doors, object_type, send
from tests.shop.http.api_client import PROBLEM, Caller, login, machine
from tests.shop.people import SuperuserFactory
from users.models.api_key import Scope

HUGE = "9" * 4_000
# The schema times itself, fifteen times over.
FIELDS = " ".join(f"a{i}: fields {{ name args {{ type {{ name kind }} }} type {{ name kind }} }}" for i in range(15))
HOSTILE: dict[str, tuple[Any, str]] = {
    "too many rows": ("{ orders(first: 100) { nodes { items(first: 50) { nodes { sku } } } } }", "query_too_costly"),
    "too many rows by fragments": (
        "{ orders(first: 50) { ...a } } fragment a on OrderConnection { nodes { ...b } } "
        "fragment b on Order { items(first: 100) { nodes { id } } }",
        "query_too_costly",
    ),
    "too many rows by edges": (
        "{ orders(first: 100) { edges { node { customer { orders(first: 50) { edges { cursor } } } } } } }",
        "query_too_costly",
    ),
    "many carts to price": (
        "{ " + " ".join(f'a{i}: draft(id: "{i}") {{ number }}' for i in range(21)) + " }",
        "query_too_costly",
    ),
    "thirty-one aliases": ("{ " + " ".join(f"a{i}: __typename" for i in range(31)) + " }", "too_many_aliases"),
    "one field two hundred times": ("{ orders { nodes { " + "id " * 200 + "} } }", "too_many_aliases"),
    "fragments everywhere": (
        "{ ...a } fragment a on Query { " + "...b " * MAX_FRAGMENTS + "} fragment b on Query { __typename }",
        "too_many_fragments",
    ),
    "a circle of fragments": (
        "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
        "invalid_query",
    ),
    "ten thousand levels": ("{ a " * 10_000 + "}" * 10_000, "query_too_deep"),
    "a list of ten thousand levels": ("{ a(b: " + "[" * 10_000 + ") }", "query_too_deep"),
    "nine levels": (
        "{ customers(first: 1) {nodes{ orders(first: 1) {nodes{ customer { orders(first: 1) {nodes{ customer { orders"
        "(first: 1) {nodes{ customer { orders(first: 1) {nodes{ customer { name } }} } }} } }} } }} }} }",
        "query_too_deep",
    ),
    "too long": ("{ orders { nodes { " + "id, " * MAX_TOKENS + "} } }", "query_too_long"),
    "a page of a billion": ("{ orders(first: 1000000000) { nodes { id } } }", "invalid"),
    "a page of thousands of digits": (f"{{ orders(first: {HUGE}) {{ nodes {{ id }} }} }}", "invalid_query"),
    "a page of none": ("{ orders(first: 0) { nodes { id } } }", "invalid"),
    "a page of less": ("{ orders(first: -1) { nodes { id } } }", "invalid"),
    "no such field": ("{ passwords }", "invalid_query"),
    "no query": ("orders please", "invalid_query"),
    "an open bracket": ("{ orders", "invalid_query"),
    "two changes": (
        'mutation { a: cancelOrder(id: "1") { __typename } b: cancelOrder(id: "2") { __typename } }',
        "one_mutation_per_request",
    ),
    "a change in a fragment": (
        'mutation { ...a } fragment a on Mutation { cancelOrder(id: "1") { __typename } }',
        "one_mutation_per_request",
    ),
    "a subscription": ("subscription { orders { nodes { id } } }", "invalid_query"),
    "introspection without end": (
        "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }",
        "invalid_query",
    ),
}
HOSTILE |= {
    "the schema again and again": (
        f"{{ __schema {{ types {{ fields {{ type {{ {FIELDS} }} }} }} }} }}",
        "query_too_costly",
    ),
    "the schema again in a fragment": (
        "{ __schema { types { ...a } } } fragment a on __Type { fields { type { ...b } } } "
        f"fragment b on __Type {{ {FIELDS} }}",
        "query_too_costly",
    ),
    "the schema beside rows": (
        f"{{ orders {{ nodes {{ id }} }} __schema {{ types {{ fields {{ type {{ {FIELDS} }} }} }} }} }}",
        "query_too_costly",
    ),
}
BODIES: dict[str, tuple[bytes, int, str]] = {
    "a batch": (b'[{"query": "{ __typename }"}, {"query": "{ __typename }"}]', 400, "invalid"),
    "no object": (b'"{ __typename }"', 400, "invalid"),
    "no query": (b'{"variables": {}}', 400, "invalid"),
    "a query that is a number": (b'{"query": 1}', 400, "invalid"),
    "variables in a list": (b'{"query": "{ __typename }", "variables": []}', 400, "invalid"),
    "another member": (b'{"query": "{ __typename }", "queries": []}', 400, "invalid"),
    "a NUL character": (b'{"query": "{ product(id: \\"\\u0000\\") { id } }"}', 400, "invalid"),
    "half a character": (b'{"query": "{ product(id: \\"\\ud800\\") { id } }"}', 400, "invalid"),
    "no JSON": (b"{ __typename }", 400, "invalid"),
    "more than a megabyte": (b'{"query": "' + b" " * 1_100_000 + b'"}', 413, "too_large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_is_refused_before_any_statement(db: None, name: str) -> None:
    query, code = HOSTILE[name]

    with CaptureQueriesContext(connection) as sent:
        answer = send(Caller("Api-Key nobody's"), query)

    body = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"], body["code"]) == (400, PROBLEM, code), body
    assert set(codes(body)) == {code}
    assert [each["sql"] for each in sent.captured_queries] == []


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_query_is_a_problem(db: None, name: str) -> None:
    raw, status, code = BODIES[name]

    answer = Caller().send("POST", URL, raw)

    assert (answer.status_code, json.loads(answer.content)["code"]) == (status, code), answer.content


def test_variables_count_as_what_they_say(db: None) -> None:
    boss = login(SuperuserFactory.create())
    query = "query ($n: Int = 100) { orders(first: $n) { nodes { items(first: $n) { nodes { sku } } } } }"

    assert ask(boss, query, n=10)["extensions"]["cost"] == {"actual": 110, "max": 5_000}
    assert json.loads(send(boss, query).content)["code"] == "query_too_costly"
    assert json.loads(send(boss, query, n="many").content)["code"] == "invalid"
    refusal = send(boss, "query ($id: ID!) { order(id: $id) { id } }")
    assert (refusal.status_code, json.loads(refusal.content)["code"]) == (400, "invalid_query")


def test_tools_read_the_schema_whole(db: None) -> None:
    """With all that GraphiQL and its like may ask for."""
    query = get_introspection_query(
        specified_by_url=True, directive_is_repeatable=True, schema_description=True, input_value_deprecation=True
    )

    data = data_of(Caller(), query)

    assert build_client_schema(data).type_map.keys() == compiled.type_map.keys()


def test_who_signs_in_for_nothing_reads_the_catalogue_and_nothing_else(db: None) -> None:
    nobody = Caller()

    assert data_of(nobody, "{ products { nodes { name variants { nodes { available } } } } }") == {
        "products": {"nodes": []}
    }
    for query in (
        "{ orders { nodes { id } } }",
        "{ products { nodes { id } } orders { nodes { id } } }",
        "{ variants { nodes { stockLevels { nodes { onHand } } } } }",
        "{ events { nodes { id } } }",
        'mutation { cancelOrder(id: "1") { __typename } }',
    ):
        answer = send(nobody, query)
        assert (answer.status_code, json.loads(answer.content)["code"]) == (401, "not_authenticated"), query
    assert send(Caller("Api-Key wrong"), "{ orders { nodes { id } } }").status_code == 401


def test_a_cursor_that_nobody_was_given_is_refused(db: None) -> None:
    boss = machine(SuperuserFactory.create(), *Scope.values)

    for cursor in ("x", "", "cj0x", "WyIxIl0=", "Ww==", "é"):
        body = ask(boss, "query ($c: String) { orders(after: $c) { nodes { id } } }", c=cursor)
        assert codes(body) == ["invalid"], cursor
    assert codes(ask(boss, '{ orders(filter: {status: "LOST"}) { nodes { id } } }')) == ["invalid"]
    assert codes(ask(boss, '{ events(types: ["a.b"]) { nodes { id } } }')) == ["invalid"]


@pytest.mark.parametrize("name", [name for name, field, _door in fields_with_doors("Query") if "filter" in field.args])
def test_a_filter_of_null_shows_nobodys_rows(db: None, name: str) -> None:
    boss = login(SuperuserFactory.create())
    field = object_type("Query").fields[name]
    for inner, argument in get_named_type(field.args["filter"].type).fields.items():
        kind = argument.type
        query = f"query ($it: {kind}) {{ {name}(filter: {{{inner}: $it}}) {{ nodes {{ id }} }} }}"

        body = ask(boss, query, it=None)

        [fault] = body["errors"][0]["extensions"]["errors"]
        assert (body["data"], fault["code"]) == ({name: None}, "empty"), inner
        assert data_of(boss, query)[name] is not None, inner  # a variable that was not given is no filter
    assert data_of(boss, f"{{ {name}(filter: null, after: null) {{ nodes {{ id }} }} }}")[name] is not None


def test_events_of_null_are_nobodys(db: None) -> None:
    boss = login(SuperuserFactory.create())

    for null in ("types: null", "types: []", "aggregate: null"):
        body = ask(boss, f"{{ events({null}) {{ nodes {{ id }} }} }}")
        faults = body["errors"][0]["extensions"]["errors"]
        assert (body["data"], [fault["code"] for fault in faults]) == ({"events": None}, ["empty"]), null
