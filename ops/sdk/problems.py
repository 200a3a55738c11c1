"""The refusals of both clients: a class, or a type, for each code, made of the problems that the OpenAPI declares."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_PYTHON_HEAD = '''"""Each code of a refusal as a class with what it says. Generated: `make sdk` writes it anew."""

from __future__ import annotations

from typing import Any, TypedDict

from kontor.refusals import NotFound, Refused, StaleVersion
'''
_PYTHON_CLASS = '''

class {name}({base}):
    """`{code}`"""
'''
_PYTHON_MEMBER = """
    @property
    def {member}(self) -> {kind}:
        found: {kind} = self.problem{read}
        return found
"""
_PYTHON_FOOT = '''

def refusal_for(status: int, problem: dict[str, Any]) -> Refused:
    """The class for the code, else for the status: a later version of the API may have other codes."""
    by_status: dict[int, type[Refused]] = {{404: NotFound, 412: StaleVersion}}
    kind = BY_CODE.get(str(problem.get("code")), by_status.get(status, Refused))
    return kind(status, problem)


BY_CODE: dict[str, type[Refused]] = {{
{codes}
}}
'''
_TYPESCRIPT = """// Every code that the API refuses with, and its problem. Generated: `make sdk` writes it anew.

import type {{ components }} from "./schema.js";

type Schemas = components["schemas"];

export interface ProblemByCode {{
{codes}
}}

export type Code = keyof ProblemByCode;
"""
_KINDS = {"string": "str", "integer": "int", "boolean": "bool"}
_WRITTEN_BY_HAND = {"not_found": "NotFound", "stale_version": "StaleVersion"}


def declared_problems(document: Mapping[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    """By code: the name of its schema, and what only it says."""
    found = {}
    for name, schema in document["components"]["schemas"].items():
        for part in schema.get("allOf", ()):
            if name.endswith("Problem") and "const" in part.get("properties", {}).get("code", {}):
                found[part["properties"]["code"]["const"]] = name, part
    return dict(sorted(found.items()))


def without_problems(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document as a generator takes it that would make a class of each, which nothing uses."""
    named = {name for name, _ in declared_problems(document).values()}
    kept = {name: each for name, each in document["components"]["schemas"].items() if name not in named}
    return {**document, "components": {**document["components"], "schemas": kept}}


def write_python(document: Mapping[str, Any], package: Path) -> None:
    """kontor/problems.py"""
    problems = declared_problems(document)
    classes = [text for code, (name, schema) in problems.items() for text in _python_class(code, name, schema)]
    codes = "\n".join(f'    "{code}": {_python_name(code, name)},' for code, (name, _) in problems.items())
    text = _PYTHON_HEAD + "".join(classes) + _PYTHON_FOOT.format(codes=codes)
    (package / "problems.py").write_text(text, encoding="utf-8")


def write_typescript(document: Mapping[str, Any], sources: Path) -> None:
    """src/problems.ts"""
    problems = declared_problems(document)
    codes = "\n".join(f'  {code}: Schemas["{name}"];' for code, (name, _) in problems.items())
    (sources / "problems.ts").write_text(_TYPESCRIPT.format(codes=codes), encoding="utf-8")


def _python_name(code: str, name: str) -> str:
    return _WRITTEN_BY_HAND.get(code, name.removesuffix("Problem"))


def _python_class(code: str, name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    if code in _WRITTEN_BY_HAND:
        return
    own, required = _python_name(code, name), {*schema["required"]}
    members = {member: each for member, each in schema["properties"].items() if member not in ("code", "status")}
    kinds = {member: _python_kind(each, f"{own}{_row_name(member)}") for member, each in members.items()}
    for member, each in members.items():
        if each.get("items", {}).get("type") == "object":
            rows = "".join(
                f"    {row}: {_python_kind(kind, '')}\n" for row, kind in each["items"]["properties"].items()
            )
            yield f"\n\nclass {own}{_row_name(member)}(TypedDict):\n{rows}"
    base = "NotFound" if schema["properties"].get("status", {}).get("const") == 404 else "Refused"
    yield _PYTHON_CLASS.format(name=own, base=base, code=code)
    for member, kind in kinds.items():
        is_there = member in required
        read = f'["{member}"]' if is_there else f'.get("{member}")'
        yield _PYTHON_MEMBER.format(member=member, kind=kind if is_there else f"{kind} | None", read=read)


def _row_name(member: str) -> str:
    """shortages: Shortage."""
    return "".join(word.capitalize() for word in member.removesuffix("s").split("_"))


def _python_kind(schema: Mapping[str, Any], row: str) -> str:
    if schema["type"] == "array":
        items = schema["items"]
        return f"list[{row if items['type'] == 'object' else _python_kind(items, row)}]"
    return _KINDS[schema["type"]]
