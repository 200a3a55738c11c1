"""The planted bugs stay plantable, and the script that plants them tells caught from survived."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

from ops.plant_bugs import Stale, judge, plant
from ops.planted_bugs.all import BUGS
from ops.planted_bugs.bug import Bug, Edit

BY_NAME = {bug.name: bug for bug in BUGS}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Copies of the files that bugs are planted in."""
    for file in {edit.file for bug in BUGS for edit in bug.edits}:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text((settings.BASE_DIR / file).read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", BY_NAME)
def test_every_bug_can_be_planted_and_taken_out(tree: Path, name: str) -> None:
    bug = BY_NAME[name]

    before = plant(tree, bug)

    for file, text in before.items():
        planted = (tree / file).read_text(encoding="utf-8")
        ast.parse(planted)
        assert planted != text == (settings.BASE_DIR / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", BY_NAME)
def test_every_bug_names_tests_that_exist(name: str) -> None:
    assert all((settings.BASE_DIR / test).exists() for test in BY_NAME[name].tests)


@pytest.mark.parametrize("old", ["no such text", "import"])
def test_text_that_does_not_stand_there_exactly_once_is_refused(tree: Path, old: str) -> None:
    bug = Bug("stale", (), (Edit("inventory/ledger/stock.py", old, ""),))

    with pytest.raises(Stale, match=r"stock\.py has \d+ times"):
        plant(tree, bug)


@pytest.mark.parametrize(
    ("outcome", "output", "caught"),
    [
        (1, "F\nFAILED tests/test_a.py::test_b[x] - assert 1 == 2\n1 failed", True),
        (None, "", True),
        (0, ".\n1 passed", False),
        (1, "ERROR tests/test_a.py::test_b - fixture\n1 error", False),
        (2, "ERROR tests/test_a.py - SyntaxError\n1 error", False),
        (4, "usage: pytest", False),
        (5, "no tests ran", False),
    ],
)
def test_only_a_failed_test_counts_as_caught(outcome: int | None, output: str, caught: bool) -> None:
    assert judge(outcome, output)[1] is caught
