"""Where tests stand, docs/decisions/tests.md, and how they are named."""

import ast
import re
from collections import Counter
from pathlib import Path

from tests.architecture.source import PACKAGES, ROOT, modules

# What spans all apps; `shop` and `plugins` hold no tests.
WHOLE = {"admin", "api", "architecture", "browser", "database", "full_tables", "journeys", "ops", "outages", "rights"}
SHARED = {"plugins", "shop"}
NAMED_OTHERWISE = {"own_shop": "shop"}  # `tests/shop` is what tests make, and was there before the app
FILES_IN_A_FOLDER = 20

# Tests are spread over processes by their names, which must come out the same in each.
NEW_EACH_TIME = {"uuid4", "uuid7", "uuid1", "now", "today", "time", "random", "randint", "token_urlsafe", "getpid"}


def test_a_folder_of_tests_is_an_app_its_room_or_what_spans_all_apps() -> None:
    """Thus "where is the test of X" has one answer."""
    folders = {_tested_by(module.path.parent.relative_to(ROOT / "tests")) for module in modules("tests")}
    apps = [folder for folder in folders if folder.parts and folder.parts[0] not in WHOLE | SHARED]

    assert [str(folder) for folder in apps if folder.parts[0] not in PACKAGES] == []
    assert [str(folder) for folder in apps if not (ROOT / folder).is_dir()] == [], "No such room."
    assert [module.name for module in modules(*(f"tests/{name}" for name in SHARED)) if _is_test(module.name)] == []


def _tested_by(folder: Path) -> Path:
    first, *rooms = folder.parts or ("",)
    return Path(NAMED_OTHERWISE.get(first, first), *rooms)


def test_tests_of_another_run_stand_where_the_makefile_says() -> None:
    """`make test-browser` and `make test-sdk` load these folders and files alone."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for mark, place in {"browser": "tests/browser", "sdk": "tests/ops/test_clients.py"}.items():
        marked = [
            module.name
            for module in modules("tests")
            if re.search(rf"^pytestmark .*mark\.{mark}\b|^@pytest\.mark\.{mark}\b", module.text, re.M)
        ]

        assert re.search(rf"^{mark.upper()}_TESTS \?= .*,,{place}\)$", makefile, re.M)
        assert marked
        assert [name for name in marked if not name.startswith(place)] == []


def test_folders_of_tests_fit_on_a_screen() -> None:
    files = Counter(module.path.parent.relative_to(ROOT).as_posix() for module in modules("tests"))

    assert {folder: count for folder, count in files.items() if count > FILES_IN_A_FOLDER} == {}


def _is_test(name: str) -> bool:
    return name.rpartition("/")[2].startswith("test_")


def test_no_name_of_a_test_is_made_of_what_is_new_each_time() -> None:
    found = [
        f"{module.name}:{call.lineno}"
        for module in modules("tests")
        for parametrize in module.calls("parametrize")
        for call in ast.walk(parametrize)
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in NEW_EACH_TIME
    ]

    assert found == [], "Write an id or a date down instead, e.g. NOBODYS of tests/shop/http/api_client.py."


def test_no_test_is_given_the_members_of_a_set() -> None:
    """A set of strings has another order in each process."""
    found = [
        f"{module.name}:{parametrize.lineno}"
        for module in modules("tests")
        for parametrize in module.calls("parametrize")
        if len(parametrize.args) > 1 and isinstance(parametrize.args[1], ast.Set | ast.SetComp)
    ]

    assert found == [], "Sort them."
