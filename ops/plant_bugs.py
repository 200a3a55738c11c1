"""Prove that the tests can fail: python -m ops.plant_bugs [WORD ...]

In a scratch copy of the tree, each bug of ops/planted_bugs whose name has all the WORDs is planted alone, and the
tests named for it must fail, after they passed without it. Prints a table; exit code 1 if a bug survives.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

from embedded_postgres.throwaway import EmbeddedServer
from ops.planted_bugs.all import BUGS
from ops.planted_bugs.bug import Bug

ROOT = Path(__file__).resolve().parent.parent
TIMEOUT_SECONDS = 600  # for the tests of one bug
TESTS_FAILED = 1  # pytest's exit code: tests ran, and some failed
PASSED = 0


class Stale(Exception):
    """The tree has changed so that a bug can no longer be planted as written."""


def main(words: Sequence[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # the copy goes, and the tests stop
    chosen = [bug for bug in BUGS if all(word.lower() in bug.name.lower() for word in words)]
    if not chosen:
        sys.exit(f"No planted bug is called so. There are: {', '.join(bug.name for bug in BUGS)}.")
    with ExitStack() as stack:
        tree = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kontor-bugs-"))) / "tree"
        copy_tree(tree)
        if "DATABASE_URL" not in os.environ:
            os.environ["DATABASE_URL"] = stack.enter_context(EmbeddedServer()).superuser_url
        tests = sorted({test for bug in chosen for test in bug.tests})
        outcome, output = run_tests(tree, tests, seconds=TIMEOUT_SECONDS * len(chosen))
        if outcome != PASSED:
            print(output or "They hang.")
            sys.exit("Without any bug the tests fail already: nothing would be proven.")
        survivors = [bug.name for bug in chosen if not is_caught(tree, bug)]
    print(f"\n{len(chosen) - len(survivors)} of {len(chosen)} bugs caught.", *survivors, sep="\n  survived: ")
    return 1 if survivors else 0


def copy_tree(target: Path) -> None:
    """Everything that git would see, as it is on disk now."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def is_caught(tree: Path, bug: Bug) -> bool:
    """Plant the bug, run its tests, take it out again and print its line of the table."""
    before = plant(tree, bug)
    started = time.monotonic()
    outcome, output = run_tests(tree, bug.tests)
    for file, text in before.items():
        (tree / file).write_text(text, encoding="utf-8")
    verdict, caught = judge(outcome, output)
    print(
        f"{'caught' if caught else 'SURVIVED':9}{time.monotonic() - started:5.0f} s  {bug.name}: {verdict}", flush=True
    )
    return caught


def plant(tree: Path, bug: Bug) -> dict[str, str]:
    """Make the bug's edits; the files as they were. Raises Stale unless each text stands there exactly once."""
    before: dict[str, str] = {}
    for edit in bug.edits:
        text = (tree / edit.file).read_text(encoding="utf-8")
        if text.count(edit.old) != 1:
            raise Stale(
                f"{bug.name!r}: {edit.file} has {text.count(edit.old)} times what is to be replaced: {edit.old!r}"
            )
        before.setdefault(edit.file, text)
        (tree / edit.file).write_text(text.replace(edit.old, edit.new), encoding="utf-8")
    return before


def run_tests(tree: Path, tests: Iterable[str], *, seconds: int = TIMEOUT_SECONDS) -> tuple[int | None, str]:
    """pytest's exit code (None: it hung for so long) and output."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "--create-db",
        "--show-capture=no",
        *tests,
    ]
    try:
        done = subprocess.run(command, cwd=tree, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return None, ""
    return done.returncode, done.stdout + done.stderr


def judge(outcome: int | None, output: str) -> tuple[str, bool]:
    """What happened, and whether it counts: a test must have failed. A tree that does not even load proves nothing."""
    if outcome is None:
        return f"hung for {TIMEOUT_SECONDS} s", True
    failed = re.search(r"^FAILED \S*?::(\S+)", output, re.MULTILINE)
    if outcome == TESTS_FAILED and failed:
        return failed[1], True
    last = output.strip().splitlines()[-1:] or ["no output"]
    return "all tests passed" if outcome == PASSED else f"pytest ended with {outcome}: {last[0]}", False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
