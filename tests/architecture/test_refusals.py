"""Every service has a test of its refusals: each is named in the suite by its code or its class."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module

from shared.errors import Refusal
from tests.architecture.source import PACKAGES, Module, modules

_RAISES = re.compile(r"\bRaises\b(.*?)(?:\.\s|\.?$)", re.DOTALL)
_WORD = re.compile(r'"\w+"|\b[A-Z]\w+')
_NAME = re.compile(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)*\b")

# What no test names yet. This list only shrinks.
UNTESTED = {
    "CompanyInUse": "nothing that is kept names a company today: whatever does goes along or is emptied",
    "TooManyRows": "a workbook of a million rows takes longer to fill than a test may",
}


def _refusals(of: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Every refusal below `of`."""
    for refusal in of.__subclasses__():
        yield refusal
        yield from _refusals(refusal)


def _services() -> list[Module]:
    return [module for module in modules(*PACKAGES) if "/services/" in module.name]


def _raised_by(service: Module) -> set[str]:
    """Names of what the service says that it raises, and of what it raises itself."""
    named = set()
    for node in service.nodes:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            for listed in _RAISES.findall(ast.get_docstring(node) or ""):
                named |= set(_NAME.findall(listed))
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            named.add(ast.unparse(node.exc.func).rpartition(".")[2])
    return named


def _untested() -> dict[str, list[str]]:
    """Refusals that no test names, with the services that they come from."""
    suite = [module.text for module in modules("tests") if module.name != "tests/architecture/test_refusals.py"]
    words = {word for text in suite for word in _WORD.findall(text)}
    for service in _services():
        import_module(service.name.removesuffix(".py").replace("/", "."))
    known = {refusal.__name__: refusal for refusal in _refusals()}
    found: dict[str, list[str]] = {}
    for service in _services():
        for name in _raised_by(service) & known.keys():
            if not {name, f'"{known[name].code}"'} & words:
                found.setdefault(name, []).append(service.name)
    return found


def test_every_refusal_of_a_service_is_named_by_a_test() -> None:
    found = _untested()

    assert {name: services for name, services in found.items() if name not in UNTESTED} == {}
    assert UNTESTED.keys() - found.keys() == set(), "They are tested by now: take them off the list."
