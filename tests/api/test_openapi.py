"""The description of the API, and the pages that show it."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular import validation
from openapi_spec_validator import validate

from tests.shop.http.api_client import ok, refused
from tests.shop.http.declared import declared_path

FOREIGN = "foreign"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return ok(Client().get("/api/schema"))


def test_it_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)
    assert list(jsonschema_rs.Draft202012Validator(_openapi_itself()).iter_errors(document)) == []


def _openapi_itself() -> dict[str, Any]:
    """What `spectacular --validate` holds a document against. Its own validator takes twelve seconds for ours, and
    `make check` asks that one."""
    file = Path(validation.__file__).with_name("openapi_3_1_schema.json")
    schema: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return schema


def test_it_is_written_without_a_warning(tmp_path: Any) -> None:
    written = tmp_path / "schema.json"

    call_command("spectacular", "--fail-on-warn", "--format", "openapi-json", "--file", str(written))

    assert json.loads(written.read_text("utf-8"))["paths"]


def test_it_lists_every_route_without_a_trailing_slash(document: dict[str, Any]) -> None:
    routed = {
        declared_path(f"api/v1/{pattern.pattern}")
        for resolver in get_resolver().url_patterns
        if isinstance(resolver, URLResolver) and str(resolver.pattern) == "api/v1/"
        for pattern in resolver.url_patterns
        if isinstance(pattern, URLPattern)
    }

    assert set(document["paths"]) == routed


def test_every_refusal_is_a_declared_problem(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            statuses = operation["responses"]
            wanted = {"400", "401", "503"} | ({"404"} if "{id}" in path else set())
            wanted |= {"415", "413"} if "requestBody" in operation else set()
            assert wanted <= statuses.keys(), (path, method)
            for status, answer in statuses.items():
                if int(status) >= 400:
                    schema = answer["content"]["application/problem+json"]["schema"]
                    named = [each["$ref"] for each in schema.get("oneOf", [schema])]
                    assert named, (path, method, status)
                    assert all(name.endswith("Problem") for name in named), (path, method, status)


def test_every_body_has_an_example(document: dict[str, Any]) -> None:
    without = {
        (path, method)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if "requestBody" in operation and "example" not in str(operation["requestBody"])
    }

    assert without == set()


def test_every_example_is_a_body_that_its_route_declares(document: dict[str, Any]) -> None:
    examples = [
        (path, method, name, example["value"], content["schema"])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        for content in operation.get("requestBody", {}).get("content", {}).values()
        for name, example in content.get("examples", {}).items()
    ]

    assert examples
    for path, method, name, value, schema in examples:
        validator = jsonschema_rs.Draft202012Validator({**schema, "components": document["components"]})
        assert [error.message for error in validator.iter_errors(value)] == [], (path, method, name)


def test_every_body_is_closed_to_unknown_fields(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    bodies = {
        content["schema"].get("$ref", FOREIGN).rpartition("/")[2]
        for operations in document["paths"].values()
        for operation in operations.values()
        for content in operation.get("requestBody", {}).get("content", {}).values()
    }

    assert "CustomerBody" in bodies
    bodies.remove(FOREIGN)  # what providers send is theirs
    assert {name for name in bodies if schemas[name].get("additionalProperties") is not False} == set()


def test_public_reads_need_no_sign_in_and_nothing_else_does_without(document: dict[str, Any]) -> None:
    public = {
        f"{method} {path.removeprefix('/api/v1')}"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if not operation.get("security") or {} in operation["security"]
    }

    names = ("products", "variants", "sellers", "categories", "shipping-methods", "payment-methods")
    reads = {f"get /{name}{tail}" for name in names for tail in ("", "/{id}")} | {"get /pictures/{id}"}
    assert public == reads | {"post /auth/token", "post /auth/token/refresh", "post /webhooks/{provider}"}


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/api/docs", "/api/redoc"])
def test_its_pages_load_nothing_from_elsewhere(page: str) -> None:
    response = Client().get(page, headers={"Accept": "text/html"})

    html = response.content.decode()
    assert response.status_code == 200
    assert not re.findall(r"""(?:href|src)=["'](?:https?:)?//""", html)
    assert response["Content-Security-Policy"].startswith("default-src 'self'")
    for asset in re.findall(r"""(?:href|src)=["'](/static/[^"']+)""", html):
        served = Client().get(asset)
        served.close()
        assert served.status_code == 200, asset


def test_its_pages_refuse_as_the_api_does() -> None:
    refused(Client().post("/api/docs"), 405, "method_not_allowed")
    refused(Client().get("/api/docs?x=%00"), 400, "invalid")
    assert Client().get("/api/schema?version=%0a&lang=zz").status_code == 200


def test_reads_say_that_they_may_be_out_of_date(document: dict[str, Any]) -> None:
    def says_so(path: str, method: str) -> bool:
        return "Kontor-Stale" in document["paths"][path][method]["responses"]["200"].get("headers", {})

    assert says_so("/api/v1/orders", "get")
    assert says_so("/api/v1/orders/{id}", "get")
    assert not says_so("/api/v1/orders/{id}", "patch")
