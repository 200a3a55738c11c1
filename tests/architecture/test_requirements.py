"""What is installed is what was chosen, file by file: an index that hands out other bytes is refused by pip."""

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from tests.architecture.source import ROOT

LOCKS = {
    "requirements.in": "requirements.txt",
    "requirements-dev.in": "requirements-dev.txt",
    "ops/pip.in": "ops/pip.txt",
}
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}(?= |$)")


def lines_of(name: str) -> list[str]:
    text = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line and not line.lstrip().startswith("#")]


def pins_of(name: str) -> dict[NormalizedName, str]:
    """Name -> version, of lines that say so; the test fails at one that names no exact version, or a name twice."""
    wanted = [Requirement(line.split("--hash")[0]) for line in lines_of(name) if not line.startswith("-")]
    pins = {canonicalize_name(each.name): str(each.specifier).removeprefix("==") for each in wanted}
    assert len(pins) == len(wanted), f"{name} names a package twice"
    assert [pin for pin in pins.items() if not re.fullmatch(r"[\w.]+", pin[1])] == []
    return pins


@pytest.mark.parametrize("lock", LOCKS.values())
def test_every_package_is_pinned_by_exact_version_and_hash(lock: str) -> None:
    assert pins_of(lock)
    # Nothing else: no index and no folder of one machine.
    assert [line for line in lines_of(lock) if not HASH.search(line) or "--" in HASH.sub("", line)] == []


@pytest.mark.parametrize(("chosen", "lock"), LOCKS.items())
def test_whoever_changes_a_choice_locks_it(chosen: str, lock: str) -> None:
    chosen_pins, locked = pins_of(chosen), pins_of(lock)

    assert chosen_pins
    assert [name for name in chosen_pins if locked.get(name) != chosen_pins[name]] == [], "run make lock"


def test_tests_run_on_the_versions_that_run() -> None:
    run, tested = pins_of("requirements.txt"), pins_of("requirements-dev.txt")

    assert [name for name in run if tested.get(name) != run[name]] == []


def test_nothing_is_installed_but_wheels_of_known_hash() -> None:
    installers = [Path("Makefile"), Path("Dockerfile"), *(path.relative_to(ROOT) for path in ROOT.glob("ops/*.sh"))]
    steps = [
        line
        for file in installers
        for line in (ROOT / file).read_text("utf-8").replace("\\\n", " ").splitlines()
        if re.search(r"\bpip\b.*\binstall\b", line)
    ]

    assert len(steps) == 4
    assert [step for step in steps if "--require-hashes -r " not in step] == []
    assert [step for step in steps if not re.search(r"--only-binary :all:|\$\(WHEELS\)", step)] == []
    assert "\nWHEELS := --only-binary :all:\n" in (ROOT / "Makefile").read_text("utf-8")
