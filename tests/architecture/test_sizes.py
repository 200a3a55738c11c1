"""The sizes that `make check` allows hold, and the check finds what exceeds them."""

from pathlib import Path

import pytest

from ops.check_sizes import FILES_IN_A_FOLDER, PACKAGES, faults, measure
from tests.architecture.source import PACKAGES as APPS
from tests.architecture.source import ROOT

LONG_FUNCTION = "def long() -> None:\n" + "    pass\n" * 50


def test_files_functions_and_folders_are_as_small_as_they_must_be() -> None:
    assert faults(measure(ROOT)) == []


def test_every_app_is_measured() -> None:
    assert set(APPS) < set(PACKAGES)


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({"app/rules/long.py": "x = 1\n" * 301}, "app/rules/long.py has 301 lines"),
        ({"app/rules/one.py": LONG_FUNCTION}, "app/rules/one.py:1 long has 51 lines"),
        ({f"app/rules/short{n}.py": "x = 1\n" * 191 for n in range(3)}, "files: p95 is 191 lines"),
        ({"app/rules/x.py": "".join(f"def f{n}():\n" + " 1\n" * 25 for n in range(3))}, "functions: p95 is 26 lines"),
        ({f"app/part{n}.py": "x = 1\n" for n in range(7)}, "app has 7 loose modules"),
        ({f"app/rules/x{n}.py": "" for n in range(FILES_IN_A_FOLDER + 1)}, "app/rules has 21 Python files"),
    ],
)
def test_what_is_too_large_is_named(tmp_path: Path, files: dict[str, str], fault: str) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    assert any(line.startswith(fault) for line in faults(measure(tmp_path, ["app"])))


def test_names_that_django_looks_for_and_migrations_are_not_counted(tmp_path: Path) -> None:
    for name in ("__init__", "apps", "asgi", "jobs", "settings", "urls", "wsgi", *(f"part{n}" for n in range(6))):
        (tmp_path / "app").mkdir(exist_ok=True)
        (tmp_path / "app" / f"{name}.py").write_text("x = 1\n")
    (tmp_path / "app" / "migrations").mkdir()
    (tmp_path / "app" / "migrations" / "0001_initial.py").write_text("x = 1\n" * 400)

    assert faults(measure(tmp_path, ["app"])) == []
