"""OpenAPI: what every operation has in common, above all how it says no."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.serializers import Serializer

from shared.api.conditional import TaggedByContent
from shared.api.idempotency import HEADER, MAX_LENGTH, REPLAYED, TakesKeys
from shared.api.naming import operation_name
from shared.api.permissions import PublicReads
from shared.api.problems.raised import raised_by
from shared.api.problems.schemas import answers_of, one_of, problem_schemas
from shared.api.shapes.sparse import FIELDS
from shared.http.problem_details import CODES, CONTENT_TYPE
from shared.http.replica_middleware import STALE_HEADER, may_read_replica

_REFUSALS = "x-refusals"  # of an operation, until declare_problem_details has written them out
_METHODS = ("get", "post", "patch", "delete")

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details. Members beyond these belong to the code.",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "Stable, one per code."},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "This very case, for people."},
        "instance": {"type": "string", "description": "The path that was asked for."},
        "code": {"type": "string", "description": "Stable, for machines."},
        "errors": {
            "type": "array",
            "description": "Every fault in the input.",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "RFC 6901 pointer into the body, or / and a parameter's name.",
                    },
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


class KontorSchema(AutoSchema):
    """Operations are named and grouped by the resource in their path."""

    def get_operation_id(self) -> str:
        return operation_name(self.method, self.path)

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_auth(self) -> list[dict[str, Any]]:
        is_public = any(isinstance(rule, PublicReads) for rule in self.view.get_permissions())
        anyone: list[dict[str, Any]] = [{}] if is_public and self.method == "GET" else []
        return super().get_auth() + anyone

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if not operation:
            return operation
        if self.method == "GET" and getattr(self.view, "is_sparse", False):
            operation["parameters"] = [*operation.get("parameters", []), self._fields()]
        if self.method == "POST" and takes_key(self.view):
            _declare_key(operation)
        if isinstance(self.view, TaggedByContent) and "{" in self.path:
            _declare_tags(operation, self.method, is_row=self.view.action == "retrieve")  # type: ignore[attr-defined]
        refusals = raised_by(type(self.view), getattr(self.view, "action", None) or self.method.lower())
        for refusal in refusals:
            operation["responses"].setdefault(str(refusal.status), {"description": HTTPStatus(refusal.status).phrase})
        operation[_REFUSALS] = refusals
        return operation

    def _get_paginator(self) -> Any:
        """Only what is read comes in pages: several that a POST made are a plain array."""
        return super()._get_paginator() if self.method == "GET" else None  # type: ignore[no-untyped-call]

    def _fields(self) -> dict[str, Any]:
        """The parameter of sparse answers."""
        names = list(self.view.get_serializer_class()().fields)  # type: ignore[attr-defined]
        listed = {"type": "array", "items": {"type": "string", "enum": names}, "minItems": 1, "uniqueItems": True}
        return {
            "in": "query",
            "name": FIELDS,
            "explode": False,
            "schema": listed,
            "description": "Members to show, with commas between; all when left out. What is not named is not read. "
            "The answer then lacks the others, although its schema requires them.",
        }

    def get_summary(self) -> str | None:
        return super().get_summary() or _SUMMARIES.get(getattr(self.view, "action", ""))


_ETAG = {"schema": {"type": "string"}, "description": "It changes whenever what is shown does."}
_CONDITIONS = {
    "If-Match": 'The ETag that was read, or `"<version>"` of a record that has one; changed since: 412.',
    "If-None-Match": "The ETag of what the caller has: 304 when it is still so.",
}


def _declare_tags(operation: dict[str, Any], method: str, *, is_row: bool) -> None:
    if method == "GET" and is_row:
        _declare_condition(operation, "If-None-Match")
        operation["responses"].setdefault("304", {"description": HTTPStatus(304).phrase})
        operation["responses"].get("200", {}).setdefault("headers", {})["ETag"] = _ETAG
    elif method != "GET":
        _declare_condition(operation, "If-Match")
        operation["responses"].setdefault("412", {"description": HTTPStatus(412).phrase})


def _declare_condition(operation: dict[str, Any], name: str) -> None:
    others = [each for each in operation.get("parameters", []) if each["name"] != name]
    described = {"in": "header", "name": name, "schema": {"type": "string"}, "description": _CONDITIONS[name]}
    operation["parameters"] = [*others, described]


_KEY = {
    "in": "header",
    "name": HEADER,
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_LENGTH},
    "description": "A name of yours for this request, of visible ASCII characters: sent again under it, the request "
    "changes nothing more and answers with what it made, as that is now. It belongs to whoever signed in and is kept "
    "for 30 days.",
}
_REPLAYED = {
    "schema": {"type": "string", "enum": ["true"]},
    "description": "The key had done it before: nothing was done anew.",
}
_STALE = {
    "schema": {"type": "string", "enum": ["true"]},
    "description": "The database does not take changes at the moment: what is shown may be out of date.",
}


def takes_key(view: Any) -> bool:
    """Whether the view's action honours an Idempotency-Key."""
    return isinstance(view, TakesKeys) and view.action not in view.nothing_to_lose  # type: ignore[attr-defined]


def _declare_key(operation: dict[str, Any]) -> None:
    others = [each for each in operation.get("parameters", []) if each["name"] != HEADER]
    operation["parameters"] = [*others, _KEY]
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            answer.setdefault("headers", {})[REPLAYED] = _REPLAYED
    for refusal in (404, 422):  # what the key made is gone; the key is of another request
        operation["responses"].setdefault(str(refusal), {"description": HTTPStatus(refusal).phrase})


_SUMMARIES = {
    "list": "List",
    "retrieve": "Read one",
    "create": "Create",
    "partial_update": "Change",
    "destroy": "Delete",
}


def problems(*statuses: int) -> dict[int, OpenApiResponse]:
    """Answers for `extend_schema(responses=...)` beyond those that every operation may give."""
    return {status: OpenApiResponse(description=HTTPStatus(status).phrase) for status in statuses}


# A document to print. 409: `unprintable_letter`, there is a letter in it that no font has.
PDF: dict[Any, Any] = {(200, "application/pdf"): OpenApiTypes.BINARY, **problems(409)}

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description='The version that was read, as in `"3"`; stale: 412.',
)


def writes(
    body: type[Serializer],
    shown: type[Serializer],
    *,
    made: Any = None,
    changes: type[Serializer] | None = None,
    versioned: bool = False,
    refers: bool = False,
) -> Callable[[type[Any]], type[Any]]:
    """What a resource's writes take and answer; `changes` is the body of PATCH and `made` the answer to POST where
    they differ. `refers`: POST is about a row that may not be there."""
    patch = (changes or body)(partial=True)
    stale = problems(412) if versioned else {}
    described = {
        "create": extend_schema(
            request=body, responses={201: made or shown, **problems(409, *([404] if refers else []))}
        ),
        "partial_update": extend_schema(
            request=patch,
            parameters=[IF_MATCH] if versioned else [],
            responses={200: shown, **problems(409), **stale},
        ),
        "destroy": extend_schema(responses={204: None, **problems(409)}),
    }

    def describe(view: type[Any]) -> type[Any]:
        found = {name: words for name, words in described.items() if hasattr(view, name)}
        decorated: type[Any] = extend_schema_view(**found)(view)
        return decorated

    return describe


def declare_problem_details(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Postprocessing hook: the Problem schema, and the refusals that follow from an operation's shape."""
    schemas = result["components"]["schemas"]
    schemas["Problem"] = PROBLEM_SCHEMA
    codes: set[str] = set()
    for path, operations in result["paths"].items():
        for method in _METHODS:
            if method in operations:
                codes |= _declare_problems(path, method, operations[method])
                _close_body(operations[method], schemas)
    schemas.update(problem_schemas(codes))
    return result


def _close_body(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """A body takes the fields it names and no others."""
    for content in operation.get("requestBody", {}).get("content", {}).values():
        name = content["schema"].get("$ref", "").rpartition("/")[2]
        if name:
            schemas[name].setdefault("additionalProperties", False)


def _declare_problems(path: str, method: str, operation: dict[str, Any]) -> set[str]:
    """Write out what each refusal of the operation looks like; the codes that it may answer."""
    refusals = operation.pop(_REFUSALS, frozenset())
    is_public = not operation.get("security") or {} in operation["security"]
    applying = {
        400: True,
        401: True,
        403: not is_public,
        404: "{" in path,
        405: True,
        411: method in {"post", "patch"},
        413: True,
        415: "requestBody" in operation,
        500: True,
        503: True,
    }
    responses = operation["responses"]
    if method == "get" and may_read_replica(path) and "200" in responses:
        responses["200"].setdefault("headers", {})[STALE_HEADER] = _STALE
    for status, applies in applying.items():
        if applies:
            responses.setdefault(str(status), {"description": HTTPStatus(status).phrase})
    declared: set[str] = set()
    for status in responses:
        if int(status) >= 400:
            codes = answers_of(int(status), refusals)
            declared |= {*codes}
            responses[status]["content"] = {
                CONTENT_TYPE: {"schema": one_of(codes), "example": _example_problem(path, int(status))}
            }
    operation["responses"] = dict(sorted(responses.items()))
    return declared


def _example_problem(path: str, status: int) -> dict[str, Any]:
    code = CODES.get(status, "refused")
    phrase = HTTPStatus(status).phrase
    body = {"type": f"/api/problems/{code}", "title": phrase, "status": status, "detail": f"{phrase}."}
    return {**body, "instance": path, "code": code}
