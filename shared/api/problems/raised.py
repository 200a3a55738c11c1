"""Which refusals an operation may answer, read off the code: what its view raises, and what those that it calls say
under "Raises" in their docstrings."""

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from textwrap import dedent
from types import FunctionType
from typing import Any

from shared.errors import Refusal

_RAISES = re.compile(r"\bRaises?\b(.*?)(?:\.\s|\.?$)", re.DOTALL)
_NAME = re.compile(r"\b[A-Za-z_]\w+\b")
_DOORS = (".api.", "shared.api")  # where functions belong to a view, and are read as it is


def all_refusals() -> dict[str, list[type[Refusal]]]:
    """Every class of refusal that has been loaded, by its name."""
    found: dict[str, list[type[Refusal]]] = {}
    waiting = [Refusal]
    while waiting:
        refusal = waiting.pop()
        found.setdefault(refusal.__name__, []).append(refusal)
        waiting += refusal.__subclasses__()
    return found


def raised_by(view: type[Any], action: str) -> frozenset[type[Refusal]]:
    """What the action of this view says no with."""
    handler = getattr(view, action, None)
    return frozenset(_raised(view, inspect.unwrap(handler), set())) if handler else frozenset()


def _raised(view: type[Any], function: Any, seen: set[Any]) -> Iterator[type[Refusal]]:
    if function in seen or not isinstance(function, FunctionType):
        return
    seen.add(function)
    yield from _promised(function, set())
    if not _is_of_a_door(function):
        return
    for named in _names_in(function):
        used = function.__globals__.get(named.removeprefix("self."))
        if isinstance(used, type) and issubclass(used, Refusal):
            if used is not Refusal:  # a door that handles any refusal raises none of that name
                yield used
            continue
        if named.startswith("self."):
            used = getattr(view, named.removeprefix("self."), None)
        if callable(used) and not isinstance(used, type):
            yield from _raised(view, inspect.unwrap(used), seen)


def _is_of_a_door(function: FunctionType) -> bool:
    return any(door in f"{function.__module__}." for door in _DOORS)


@cache
def _names_in(function: FunctionType) -> tuple[str, ...]:
    """What it names: globals as they are, methods with self. before them."""
    tree = ast.parse(dedent(inspect.getsource(function)))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {
        f"self.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    }
    return tuple(sorted(names))


def _promised(function: FunctionType, seen: set[Any]) -> Iterator[type[Refusal]]:
    """What its docstring names, and what those raise that it refers to: "Raises StaleVersion, and what x raises"."""
    if function in seen:
        return
    seen.add(function)
    for sentence in _RAISES.findall(inspect.getdoc(function) or ""):
        for name in _NAME.findall(sentence):
            used = function.__globals__.get(name)
            if isinstance(used, FunctionType):
                yield from _promised(inspect.unwrap(used), seen)
            elif isinstance(used, type) and issubclass(used, Refusal):
                yield used
            elif name[0].isupper():  # named, but raised deeper down: the module need not import it
                yield from all_refusals().get(name, ())
