"""Tests are spread over processes by their names, which must come out the same in each."""

import ast

from tests.architecture.source import modules

NEW_EACH_TIME = {"uuid4", "uuid7", "uuid1", "now", "today", "time", "random", "randint", "token_urlsafe", "getpid"}


def test_no_name_of_a_test_is_made_of_what_is_new_each_time() -> None:
    found = [
        f"{module.name}:{call.lineno}"
        for module in modules("tests")
        for parametrize in module.calls("parametrize")
        for call in ast.walk(parametrize)
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in NEW_EACH_TIME
    ]

    assert found == [], "Write an id or a date down instead, e.g. NOBODYS of tests/contracts/orders/http.py."


def test_no_test_is_given_the_members_of_a_set() -> None:
    """A set of strings has another order in each process."""
    found = [
        f"{module.name}:{parametrize.lineno}"
        for module in modules("tests")
        for parametrize in module.calls("parametrize")
        if len(parametrize.args) > 1 and isinstance(parametrize.args[1], ast.Set | ast.SetComp)
    ]

    assert found == [], "Sort them."
