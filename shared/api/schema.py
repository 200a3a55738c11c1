"""OpenAPI: what every operation has in common, above all how it says no."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse

from shared.problem_details import CODES, CONTENT_TYPE

_REFERENCE = {"$ref": "#/components/schemas/Problem"}
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

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_summary(self) -> str | None:
        return super().get_summary() or _SUMMARIES.get(getattr(self.view, "action", ""))


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


def declare_problem_details(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Postprocessing hook: the Problem schema, and the refusals that follow from an operation's shape."""
    result["components"]["schemas"]["Problem"] = PROBLEM_SCHEMA
    for path, operations in result["paths"].items():
        for method in _METHODS:
            if method in operations:
                _declare(path, method, operations[method])
    return result


def _declare(path: str, method: str, operation: dict[str, Any]) -> None:
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
    for status, applies in applying.items():
        if applies:
            responses.setdefault(str(status), {"description": HTTPStatus(status).phrase})
    for status in responses:
        if int(status) >= 400:
            responses[status]["content"] = {
                CONTENT_TYPE: {"schema": _REFERENCE, "example": _example(path, int(status))}
            }
    operation["responses"] = dict(sorted(responses.items()))


def _example(path: str, status: int) -> dict[str, Any]:
    code = CODES.get(status, "refused")
    phrase = HTTPStatus(status).phrase
    body = {"type": f"/api/problems/{code}", "title": phrase, "status": status, "detail": f"{phrase}."}
    return {**body, "instance": path, "code": code}
