"""docs/private-apis.md lists every private API of a library that we use; each is held here to what we need of it."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.architecture.private_api_pins import PINS
from tests.architecture.source import PACKAGES, ROOT, Module, modules

PAGE = ROOT / "docs" / "private-apis.md"
# Documented, or made by Python itself, in spite of the underscore.
PUBLIC = {
    "_abc_impl",
    "_declared_fields",
    "_meta",
    "_state",
    "_default_manager",
    "_base_manager",
    "_replace",
    "_asdict",
    "_fields",
    "_exit",
}
# What we keep on objects of Django ourselves, for the length of a request.
OURS_ON_OBJECTS = {"_k_views", "_kept", "_sellers", "_record_access", "_team_mates", "_rules", "_custom_fields", "_id"}


def rows() -> Iterator[tuple[list[str], set[str]]]:
    """Of each row of the page its names and its files."""
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("|") and "`" in cells[1]:
            yield re.findall(r"`([\w.]+)`", cells[1]), set(cells[2].split(", "))


LISTED = {name: files for names, files in rows() for name in names}


@pytest.mark.parametrize("name", sorted(PINS))
def test_the_library_still_does_what_we_lean_on(name: str) -> None:
    PINS[name]()


def test_every_listed_name_is_held_to_what_we_need() -> None:
    assert set(PINS) == set(LISTED)


@pytest.mark.parametrize("name", sorted(LISTED))
def test_the_page_says_where_a_name_is_used(name: str) -> None:
    word = re.compile(rf"(?<!\w){re.escape(name)}\b")

    # Looking for a word at any place takes many times as long as looking whether the text is there at all.
    using = {module.name for module in modules(*PACKAGES) if name in _code(module) and word.search(_code(module))}

    if (name.startswith("_") and name not in {"_post", "_execute", "_files"}) or "." in name:
        assert using == LISTED[name]
    else:  # a word that stands for other things, too
        assert LISTED[name] <= using


def test_no_private_name_is_used_that_the_page_does_not_list() -> None:
    used = {(name, module.name) for module in modules(*PACKAGES) for name in _private_names(module)}

    assert sorted(use for use in used if use[0] not in LISTED) == []


def test_what_we_override_of_a_library_without_its_word_is_listed() -> None:
    found = {
        name
        for module in modules(*PACKAGES)
        for kind in _classes_of(module)
        for name in vars(kind)
        if _is_private(name) and any(name in vars(base) for base in kind.__mro__[1:] if not _is_ours(base))
    }

    assert found - set(LISTED) == set()


@cache
def _code(module: Module) -> str:
    """Its text without comments and docstrings."""
    return ast.unparse(module.tree)


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("_") and name not in PUBLIC


def _is_ours(kind: type) -> bool:
    return kind.__module__.split(".")[0] in (*PACKAGES, "typing", "abc")


def _classes_of(module: Module) -> Iterator[type]:
    dotted = module.name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    if dotted.endswith("__main__"):
        return
    for found in vars(importlib.import_module(dotted)).values():
        if inspect.isclass(found) and found.__module__ == dotted:
            yield found


@cache
def _own_names() -> frozenset[str]:
    """What our code defines: functions, classes, variables and attributes of self."""
    names = set()
    for module in modules(*PACKAGES):
        for node in module.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                names |= {node.attr} if ast.unparse(node.value) in {"self", "cls"} else set()
    return frozenset(names)


def _private_names(module: Module) -> Iterator[str]:
    imported: dict[str, str] = {}
    for node in module.nodes:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] not in PACKAGES:
            imported |= {alias.asname or alias.name: alias.name for alias in node.names}
            yield from (part for part in (*node.module.split("."), *(a.name for a in node.names)) if _is_private(part))
        elif isinstance(node, ast.Attribute) and _is_private(node.attr) and node.attr not in _own_names():
            yield node.attr
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _looks_into_an_object(node):
            yield from _private_keys(node)
    for node in module.nodes:  # what is put in the place of a library's own
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id in imported:
                yield f"{target.value.id}.{target.attr}"


def _looks_into_an_object(function: ast.AST) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr == "__dict__" for node in ast.walk(function))


def _private_keys(function: ast.AST) -> Iterator[str]:
    for node in ast.walk(function):
        word = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if word.isidentifier() and _is_private(word) and word not in OURS_ON_OBJECTS:
            yield word
