"""Short files and short functions: the tail is what rots."""

import ast
from statistics import quantiles

from tests.architecture.source import PACKAGES, modules

FILE_LINES = 200
FUNCTION_LINES = 30


def test_95_of_100_files_are_short() -> None:
    lengths = [len(module.text.splitlines()) for module in modules(*PACKAGES)]

    assert quantiles(lengths, n=100)[94] <= FILE_LINES
    assert max(lengths) <= 2 * FILE_LINES


def test_95_of_100_functions_are_short() -> None:
    lengths = [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for module in modules(*PACKAGES)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]

    assert quantiles(lengths, n=100)[94] <= FUNCTION_LINES
    assert max(lengths) <= 2 * FUNCTION_LINES
