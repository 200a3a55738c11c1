"""What the API takes and shows is declared in the same files everywhere, in one way: docs/decisions/order-bodies.md."""

import ast
from collections.abc import Iterator

from tests.architecture.source import PACKAGES, Module, modules

HOMES = {"Body": "bodies.py", "Serializer": "representations.py", "FilterSet": "filters.py"}
# Shapes of order routes would be too long for one file with what writes them; a base of all filters of the CRM. This
# list only shrinks.
ELSEWHERE = {"orders/api/orders/serializers.py", "orders/api/orders/preview.py", "crm/api/filtering.py"}


def _api_modules() -> list[Module]:
    return [module for module in modules(*PACKAGES) if "/api/" in module.name and not module.name.startswith("shared/")]


def _declared_in(module: Module) -> Iterator[tuple[str, str]]:
    """Each class of a body, an answer or a list's filters, with the file that it belongs in."""
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef):
            named = [ast.unparse(base).rpartition(".")[2] for base in node.bases]
            kinds = [kind for kind in HOMES if any(base.endswith(kind) for base in named)]
            is_body = {"StrictBody", "StrictSerializer"} & {*named} or "Body" in kinds
            if kinds and not node.name.endswith("Query"):
                yield node.name, HOMES["Body" if is_body else kinds[-1]]


def test_bodies_answers_and_filters_are_each_in_the_file_of_that_name() -> None:
    strays = [
        f"{module.name}: {name} belongs in {home}"
        for module in _api_modules()
        if module.name not in ELSEWHERE
        for name, home in _declared_in(module)
        if module.path.name != home
    ]

    assert strays == []


def test_no_concept_declares_bodies_in_two_ways() -> None:
    both = [module.name for module in _api_modules() if {"StrictBody", "StrictSerializer"} <= _names_used(module)]

    assert both == []


def test_no_answer_is_written_out_beside_its_declaration() -> None:
    """A function that writes what a serializer declares is for what is no record: previews, a document's content."""
    written = {
        module.name
        for module in _api_modules()
        for declared in module.tree.body
        if isinstance(declared, ast.ClassDef) and declared.name.endswith("Serializer")
        for node in declared.body
        if isinstance(node, ast.FunctionDef) and node.name == "to_representation"
    }

    assert written <= {"orders/api/editing/representations.py", "orders/api/invoices/representations.py"}


def _names_used(module: Module) -> set[str]:
    return {node.id for node in module.nodes if isinstance(node, ast.Name)}
