"""What v1 of the API has promised: `python -m ops.published_api` adds what is new to docs/api-v1.json.

Nothing that stands there may go: tests/api/test_published.py compares it with what the API describes now.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

PUBLISHED = Path(__file__).resolve().parents[1] / "docs" / "api-v1.json"
Promise = dict[str, Any]


def promised_by(document: Mapping[str, Any]) -> dict[str, Promise]:
    """By operationId: where it is, what may be sent, what must be, and what answers have."""
    return {
        operation["operationId"]: {
            "route": f"{method.upper()} {path}",
            "parameters": sorted(each["name"] for each in operation.get("parameters", [])),
            "required": sorted(_required(document, operation)),
            "body": sorted(_members(document, _body(operation))),
            "answer": sorted(_answers(document, operation)),
        }
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }


def broken_promises(promised: Mapping[str, Promise], now: Mapping[str, Promise]) -> list[str]:
    """What vanished or is demanded anew, a line each."""
    return [line for name, promise in promised.items() for line in _broken(name, promise, now.get(name))]


def _broken(name: str, promise: Promise, now: Promise | None) -> Iterator[str]:
    if now is None:
        yield f"{name} is gone"
        return
    if promise["route"] != now["route"]:
        yield f"{name} was {promise['route']} and is {now['route']}"
    for part in ("parameters", "body", "answer"):
        yield from (f"{name}: {part} {gone} is gone" for gone in sorted({*promise[part]} - {*now[part]}))
    yield from (f"{name}: {new} must be sent now" for new in sorted({*now["required"]} - {*promise["required"]}))


def _body(operation: Mapping[str, Any]) -> Mapping[str, Any]:
    sent = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema: Mapping[str, Any] = sent.get("schema", {})
    return schema


def _required(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[str]:
    yield from (each["name"] for each in operation.get("parameters", []) if each.get("required"))
    yield from _resolved(document, _body(operation)).get("required", [])


def _answers(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[str]:
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            shown = answer.get("content", {}).get("application/json", {}).get("schema", {})
            yield from _members(document, shown)


def _members(document: Mapping[str, Any], schema: Mapping[str, Any], depth: int = 3) -> set[str]:
    """Names of members, those of members' members behind a dot."""
    found = _resolved(document, schema)
    found = _resolved(document, found["items"]) if "items" in found else found
    names: set[str] = set()
    for joined in ("allOf", "oneOf", "anyOf"):  # whatever one of them has may be there
        for one in found.get(joined, ()):
            names |= _members(document, one, depth)
    for name, inner in found.get("properties", {}).items():
        names.add(name)
        if depth > 1:
            names |= {f"{name}.{below}" for below in _members(document, inner, depth - 1)}
    return names


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def main() -> int:
    from ops.sdk.description import describe

    now = promised_by(describe())
    promised = json.loads(PUBLISHED.read_text(encoding="utf-8")) if PUBLISHED.exists() else {}
    if broken := broken_promises(promised, now):
        print("\n".join(broken), file=sys.stderr)
        return 1
    PUBLISHED.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
