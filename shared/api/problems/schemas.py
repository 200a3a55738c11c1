"""Refusals in OpenAPI: a schema for each code with what only it says, and what each status of an operation may be."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from shared.api.problems.raised import all_refusals
from shared.errors import Refusal
from shared.http.problem_details import CODES

BASE: Final = "Problem"
# By status what any operation may answer that may answer the status at all.
OF_ANY: Final[Mapping[int, tuple[str, ...]]] = {
    **{status: (code,) for status, code in CODES.items()},
    400: ("invalid", "idempotency_key_required"),
    401: ("not_authenticated", "authentication_failed"),
    403: ("permission_denied", "missing_scope"),
    412: ("stale_version",),
    422: ("idempotency_key_reused",),
}
_TYPES: Final[dict[type, dict[str, Any]]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    UUID: {"type": "string", "format": "uuid"},
}


def schema_name(code: str) -> str:
    """insufficient_stock: InsufficientStockProblem."""
    return "".join(word.capitalize() for word in code.split("_")) + BASE


def problem_schemas(codes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """By name, the schema of each of these codes."""
    members: dict[str, dict[str, Any]] = {}
    statuses: dict[str, set[int]] = {}
    for refusals in all_refusals().values():
        for refusal in refusals:
            members.setdefault(refusal.code, {}).update(refusal.members)
            statuses.setdefault(refusal.code, set()).add(refusal.status)
    for status, of_any in OF_ANY.items():
        for code in of_any:
            statuses.setdefault(code, set()).add(status)
    return {schema_name(code): _problem_schema(code, statuses[code], members.get(code, {})) for code in sorted(codes)}


def answers_of(status: int, refusals: Iterable[type[Refusal]]) -> list[str]:
    """The codes that an operation with these refusals may answer under the status."""
    own = {refusal.code for refusal in refusals if refusal.status == status}
    return sorted(own | {*OF_ANY.get(status, ())})


def one_of(codes: list[str]) -> dict[str, Any]:
    """What an answer with one of these codes looks like."""
    if not codes:
        return _reference(BASE)
    if len(codes) == 1:
        return _reference(schema_name(codes[0]))
    mapping = {code: _reference(schema_name(code))["$ref"] for code in codes}
    return {
        "oneOf": [{"$ref": reference} for reference in mapping.values()],
        "discriminator": {"propertyName": "code", "mapping": mapping},
    }


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _problem_schema(code: str, statuses: set[int], members: Mapping[str, Any]) -> dict[str, Any]:
    fixed: dict[str, Any] = {"code": {"const": code}}
    if len(statuses) == 1:
        fixed["status"] = {"const": next(iter(statuses))}
    own = _object(fixed | {name: _schema_of(kind) for name, kind in members.items()})
    return {"allOf": [_reference(BASE), own]}


def _object(members: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [name for name in members if not name.endswith("?")],
        "properties": {name.removesuffix("?"): schema for name, schema in members.items()},
    }


def _schema_of(kind: Any) -> dict[str, Any]:
    if isinstance(kind, list):
        return {"type": "array", "items": _schema_of(kind[0])}
    if isinstance(kind, Mapping):
        return _object({name: _schema_of(inner) for name, inner in kind.items()})
    return dict(_TYPES[kind])
