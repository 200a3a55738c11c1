"""Short files, short functions, few files in one place: python -m ops.check_sizes [ROOT]

A tree whose files fit on a few screens can be read; the tail is what rots. What is measured, and what is not:

- Functions: from `def` to their last line, nested ones by themselves and as a part of what they stand in.
- Files: all their lines. Files that hold nothing (`__init__.py`) would only flatter the figure.
- Loose modules of a package: those straight in it, outside any room. Not counted are the names that Django, its
  servers or Python itself look for there (FOUND_BY_NAME) and `jobs.py`, where every app has its jobs.
- Folders: the Python files straight in them.

Migrations are left out: they are never edited again. So are the tests: a case is as long as what it tells.
"""

import ast
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

PACKAGES = (
    *("config", "tools", "mcp_server", "exchange", "webhooks", "events", "crm", "payments"),
    *("orders", "inventory", "catalog", "users", "shop", "shared"),
    *("embedded_postgres", "ops"),
)
FUNCTION_LINES_P95, FUNCTION_LINES = 25, 50
FILE_LINES_P95, FILE_LINES = 190, 300
LOOSE_MODULES = 6
FILES_IN_A_FOLDER = 20
FOUND_BY_NAME = frozenset({"__init__", "__main__", "apps", "asgi", "settings", "urls", "wsgi"})
JOBS = "jobs"


@dataclass(frozen=True)
class Sizes:
    """Lines of files and of functions by where they are, modules by package and files by folder."""

    files: dict[str, int]
    functions: dict[str, int]
    loose: Counter[str]
    folders: Counter[str]


def measure(root: Path, packages: Sequence[str] = PACKAGES) -> Sizes:
    """Read every Python file of these packages below `root`."""
    sizes = Sizes({}, {}, Counter(), Counter())
    for path in _python_files(root, packages):
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        sizes.folders[path.parent.relative_to(root).as_posix()] += 1
        if path.parent.parent == root and path.stem not in FOUND_BY_NAME | {JOBS}:
            sizes.loose[path.parent.name] += 1
        if text:
            sizes.files[name] = len(text.splitlines())
        sizes.functions.update(_functions(name, ast.parse(text)))
    return sizes


def faults(sizes: Sizes) -> list[str]:
    """What is larger than it may be, a line each."""
    found = [
        *_too_long("files", sizes.files, p95_limit=FILE_LINES_P95, limit=FILE_LINES),
        *_too_long("functions", sizes.functions, p95_limit=FUNCTION_LINES_P95, limit=FUNCTION_LINES),
    ]
    for package, count in sizes.loose.items():
        if count > LOOSE_MODULES:
            found.append(f"{package} has {count} loose modules, {LOOSE_MODULES} at most: give them a room")
    for folder, count in sizes.folders.items():
        if count > FILES_IN_A_FOLDER:
            found.append(f"{folder} has {count} Python files, {FILES_IN_A_FOLDER} at most: divide it by what they are")
    return found


def percentile_95(lengths: dict[str, int]) -> float:
    """The length that 95 of 100 do not exceed."""
    return quantiles(lengths.values(), n=100)[94] if len(lengths) > 1 else max(lengths.values(), default=0)


def main(root: Path) -> int:
    """Print the figures and what is over them. The exit code: 1 when anything is."""
    sizes = measure(root)
    print(f"functions: {len(sizes.functions)}, p95 {percentile_95(sizes.functions):.0f} lines", end="; ")
    print(f"files: {len(sizes.files)}, p95 {percentile_95(sizes.files):.0f} lines")
    found = faults(sizes)
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


def _python_files(root: Path, packages: Sequence[str]) -> Iterator[Path]:
    for package in packages:
        for path in sorted((root / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def _functions(file: str, tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            last = node.end_lineno or node.lineno
            yield f"{file}:{node.lineno} {node.name}", last - node.lineno + 1


def _too_long(what: str, lengths: dict[str, int], *, p95_limit: int, limit: int) -> Iterator[str]:
    p95 = percentile_95(lengths)
    if p95 > p95_limit:
        longest = sorted(lengths, key=lengths.__getitem__, reverse=True)[:10]
        yield f"{what}: p95 is {p95:.0f} lines, {p95_limit} at most; the longest are {', '.join(longest)}"
    yield from (
        f"{name} has {lines} lines, {limit} at most: divide it" for name, lines in lengths.items() if lines > limit
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
