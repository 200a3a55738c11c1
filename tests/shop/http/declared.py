"""What OpenAPI says of a route, held against what the route answers in whichever test asks it."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import jsonschema_rs
from django.urls import Resolver404

from shared.api.docs import openapi_document
from tests.shop.http.answer import Answer

Schema = dict[str, Any]


def document() -> Schema:
    """The OpenAPI document, the one that is served in this process: making it takes seconds."""
    return openapi_document()


def declared_path(route: str) -> str:
    """A route of Django's as OpenAPI names it."""
    return "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route).replace("{pk}", "{id}")


def check_declared(response: Answer) -> None:
    """Nobody is answered what the document does not say: no other status, and in the body no other field, no field
    less, no other type, format or null. Of what is no operation of the API it says nothing."""
    try:
        route = response.resolver_match.route
    except (AttributeError, Resolver404):  # no answer of the test client, or to an address that leads nowhere
        return
    path, method = declared_path(route), response.request["REQUEST_METHOD"].lower()
    if (operation := document()["paths"].get(path, {}).get(method)) is None:
        return
    asked = f"{method.upper()} {path} answers {response.status_code}"
    assert str(response.status_code) in operation["responses"], f"{asked}, which OpenAPI does not declare"
    validator = _validator(path, method, str(response.status_code))
    if validator is not None:
        faults = list(validator.iter_errors(json.loads(response.content)))
        if _is_sparse(response):
            faults = [fault for fault in faults if not _is_left_out(fault)]
        assert _told(faults) == [], f"{asked}, but not as OpenAPI declares"


def faults_of(validator: jsonschema_rs.Draft202012Validator, body: Any) -> list[str]:
    return _told(validator.iter_errors(body))


def _told(errors: Iterable[Any]) -> list[str]:
    return [f"{error.instance_path}: {error.message}" for error in errors]


def _is_sparse(response: Answer) -> bool:
    return response.status_code == 200 and "fields=" in response.request.get("QUERY_STRING", "")


def _is_left_out(error: Any) -> bool:
    """A member of a record itself that `?fields=` did not name; what hangs on it is shown whole."""
    return error.message.endswith("is a required property") and len(error.instance_path) in (0, 2)


@cache
def _validator(path: str, method: str, status: str) -> jsonschema_rs.Draft202012Validator | None:
    """None for an answer that is no JSON."""
    content = document()["paths"][path][method]["responses"][status].get("content", {})
    schema = next((each["schema"] for kind, each in content.items() if kind.endswith("json")), None)
    return None if schema is None else exact_validator(schema)


def exact_validator(schema: Schema) -> jsonschema_rs.Draft202012Validator:
    """Of a schema that may point into the document, with those shapes that it comes to: reading all of them takes
    twenty times as long."""
    shapes = {name: _exact_schemas()[name] for name in _reached(schema)}
    return jsonschema_rs.Draft202012Validator({**schema, "components": {"schemas": shapes}}, validate_formats=True)


def _reached(schema: Schema) -> set[str]:
    reached: set[str] = set()
    left = _named_in(schema)
    while left:
        reached |= left
        left = {name for shape in left for name in _named_by(shape)} - reached
    return reached


@cache
def _named_by(shape: str) -> set[str]:
    return _named_in(_exact_schemas()[shape])


def _named_in(schema: Schema) -> set[str]:
    return set(re.findall(r'"#/components/schemas/([^"/]+)"', json.dumps(schema)))


@cache
def _exact_schemas() -> Schema:
    """The document's shapes, read as complete: OpenAPI by itself lets an answer have more fields than it names, and
    leaves those out that a body may leave out. A problem may say more (RFC 9457)."""
    schemas: Schema = json.loads(json.dumps(document()["components"]["schemas"]))
    for name, schema in schemas.items():
        for shape in _objects_in(schema):
            is_problem = name.endswith("Problem")
            shape.setdefault("additionalProperties", is_problem)
            shape["required"] = shape.get("required", []) if is_problem else list(shape["properties"])
    return schemas


def _objects_in(schema: Any) -> Iterator[Schema]:
    if isinstance(schema, list):
        for each in schema:
            yield from _objects_in(each)
    elif isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield schema
        for each in schema.values():
            yield from _objects_in(each)
