"""One class with a method for every operation, written from the functions that openapi-python-client generates.

Those take a client as an argument and may answer None; a method of ours has neither: its transport raises refusals.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

_HEAD = '''"""Every operation of the API as a method. Generated: `make sdk` writes it anew."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from kontor.api_client.client import AuthenticatedClient
from kontor.api_client.types import UNSET, File, Unset
from kontor.answers import found, found_async
{imports}


class {name}:
    """Methods answer what the API answers, and raise `kontor.Refused`."""

    _client: AuthenticatedClient
'''
_METHOD = '''
    {kind}def {operation}(self, {parameters}) -> {answer}:
        """{words}"""
        return {call}
'''


def write_facades(package: Path) -> int:
    """Write operations.py and async_operations.py beside `package`/api_client; return how many operations there are."""
    modules = sorted((package / "api_client" / "api").glob("*/[a-z]*.py"))
    (package / "operations.py").write_text(_facade("Operations", modules, is_async=False), encoding="utf-8")
    (package / "async_operations.py").write_text(_facade("AsyncOperations", modules, is_async=True), encoding="utf-8")
    return len(modules)


def _facade(name: str, modules: list[Path], *, is_async: bool) -> str:
    imports: set[str] = set()
    methods: list[str] = []
    for module in modules:
        tree = ast.parse(module.read_text(encoding="utf-8"))
        imports |= set(_imports(tree))
        imports.add(f"from kontor.api_client.api.{module.parent.name} import {module.stem} as _{module.stem}")
        methods.append(_method(module.stem, tree, is_async=is_async))
    return _HEAD.format(imports="\n".join(sorted(imports)), name=name) + "".join(methods)


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("models."):
            yield f"from kontor.api_client.{node.module} import {', '.join(alias.name for alias in node.names)}"


def _method(operation: str, tree: ast.Module, *, is_async: bool) -> str:
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    shown = functions["sync_detailed"]
    arguments = shown.args
    kept = [
        (argument, default)
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if argument.arg != "client"
    ]
    positional = [ast.unparse(argument) for argument in arguments.args]
    named = [f"{ast.unparse(a)} = {ast.unparse(d)}" if d is not None else ast.unparse(a) for a, d in kept]
    given = [f"{argument.arg}={argument.arg}" for argument in [*arguments.args, *(a for a, _ in kept)]]
    function = "asyncio_detailed" if is_async else "sync_detailed"
    called = f"_{operation}.{function}({', '.join([*given, 'client=self._client'])})"
    return _METHOD.format(
        kind="async " if is_async else "",
        operation=operation,
        parameters=", ".join([*positional, *(["*", *named] if named else [])]) or "*",
        answer=_answer_of(shown),
        words=_words_of(shown),
        call=f"await found_async({called})" if is_async else f"found({called})",
    ).replace("(self, *)", "(self)")


def _answer_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """What is within `Response[…]`."""
    if not isinstance(function.returns, ast.Subscript):
        raise TypeError(f"{function.name} does not answer a Response.")
    return ast.unparse(function.returns.slice)


def _words_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    first = (ast.get_docstring(function) or "").strip().splitlines()
    return first[0].strip().replace('"', "'") if first else "."
