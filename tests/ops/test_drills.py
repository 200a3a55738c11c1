"""make drills: each disaster once, and a table of what was kept."""

from pathlib import Path

import pytest

from ops.drills.__main__ import carry_out, main, table
from ops.drills.all import DRILLS, Drill

ROOT = Path(__file__).parents[2]


def test_every_outage_of_the_suite_is_practised() -> None:
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests/outages").glob("test_*.py")}
    practised = {word for drill in DRILLS for word in drill.command if word.endswith(".py")}

    assert practised == files
    assert len({drill.name for drill in DRILLS}) == len(DRILLS)


def test_a_name_that_no_drill_has_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["earthquake"]) == 2
    assert "failover, restore, pooler" in capsys.readouterr().err


def test_a_drill_that_fails_is_broken_and_one_that_passes_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    fails, passes = Drill("gone", "nothing", ("ops.no_such_drill",)), Drill("there", "nothing", ("this",))

    outcomes = [carry_out(fails, fast=False), carry_out(passes, fast=True)]

    # Each ends with the line that says what was found, which was shown as it came.
    assert [outcome.cells()[1] for outcome in outcomes] == ["BROKEN", "kept"]
    assert "No module named ops.no_such_drill" in outcomes[0].last_line
    assert outcomes[1].last_line in capsys.readouterr().out


def test_only_the_long_one_has_a_fast_form() -> None:
    assert [drill.name for drill in DRILLS if drill.command_line(fast=True) != drill.command_line(fast=False)] == [
        "failover"
    ]


def test_columns_stand_below_one_another() -> None:
    assert table([("a", "bb"), ("ccc", "d")]) == ["a    bb", "ccc  d"]
