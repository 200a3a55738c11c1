"""What the pages name is there: files, modules, functions, permissions, and the glossary's words."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from django.apps import apps

from tests.architecture.source import PACKAGES, ROOT, modules

# A changelog tells what was, too.
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
    if path.name != "CHANGELOG.md"
)
FOLDERS = (*PACKAGES, "benchmarks", "docs", "loadtest", "locale", "ops", "templates", "tests")
# Settings of PgBouncer, a line of the log that is put together while running, a pattern of names.
NAMES_OF_OTHERS = {"ignore_startup_parameters", "max_prepared_statements", "order_paid", "verb_noun"}

_CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_QUOTED = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
_PATH = re.compile(rf"(?<![\w/.-])(?:{'|'.join(FOLDERS)})/[\w./*-]*[\w*/]")
_DOTTED = re.compile(rf"(?<![\w/.-])(?:{'|'.join(PACKAGES)})(?:\.\w+)+")
_FILE = re.compile(r"\w+\.py")
# What a line of code names: a class, a function, a field, an argument, a permission.
_DEFINED = re.compile(r'\b(?:class|def) (\w+)|^\s*(\w+)(?:: [^=\n]+)? = |[(,] ?\*?(\w+): |\("(\w+)", ', re.MULTILINE)
_SNAKE_CASE = re.compile(r"(?<![\w/.…])[a-z]+(?:_[a-z0-9]+)+(?![\w…/.])")


def test_every_path_that_a_page_names_is_there() -> None:
    assert _gone(lambda page: {path for path in _PATH.findall(_prose(page)) if not _is_there(path)}) == {}


def test_every_link_leads_to_a_file() -> None:
    def broken(page: str) -> set[str]:
        folder = (ROOT / page).parent
        return {link for link in _LINK.findall(_prose(page)) if not (folder / link).exists()}

    assert _gone(broken) == {}


def test_every_decision_stands_in_the_index_once() -> None:
    folder = ROOT / "docs/decisions"
    listed = _LINK.findall((folder / "README.md").read_text("utf-8"))

    assert sorted(listed) == sorted(path.name for path in folder.glob("*.md") if path.name != "README.md")


def test_every_module_job_model_and_permission_that_a_page_names_is_there() -> None:
    def unknown(page: str) -> set[str]:
        named = {name for quoted in _quoted(page) for name in _DOTTED.findall(quoted) if not name.endswith(".py")}
        return {name for name in named if not (_is_module(name) or _is_known_to_django(name))}

    assert _gone(unknown) == {}


def test_every_file_and_function_that_a_page_names_alone_is_there() -> None:
    def unknown(page: str) -> set[str]:
        files = {name for quoted in _quoted(page) for name in _FILE.findall(quoted)} - _names_of_files()
        words = {name for quoted in _quoted(page) for name in _SNAKE_CASE.findall(quoted)} - _words_of_the_code()
        return files | (words - NAMES_OF_OTHERS)

    assert _gone(unknown) == {}


def test_every_term_of_the_glossary_stands_in_the_code() -> None:
    rows = [line.split("|") for line in (ROOT / "docs/glossary.md").read_text("utf-8").splitlines()]
    terms = {row[1].strip(): _QUOTED.findall(row[3]) for row in rows if len(row) == 6 and "`" in row[3]}
    gone = {term: missing for term, names in terms.items() if (missing := sorted(set(names) - _names_in_the_code()))}

    assert len(terms) > 60, "The table's columns are: term, what it means, in the code, elsewhere."
    assert gone == {}


def _gone(what_is_missing: Callable[[str], set[str]]) -> dict[str, list[str]]:
    """By page, for pages that name something that is not there."""
    return {page: sorted(missing) for page in PAGES if (missing := what_is_missing(page))}


@cache
def _prose(page: str) -> str:
    return _CODE_BLOCK.sub("", (ROOT / page).read_text("utf-8"))


def _quoted(page: str) -> list[str]:
    return _QUOTED.findall(_prose(page))


def _is_there(path: str) -> bool:
    return any(ROOT.glob(path.rstrip("/"))) if "*" in path else (ROOT / path).exists()


def _is_module(name: str) -> bool:
    """A package or module, or what stands in one: `shared.database.transactions.one_transaction`."""
    parts = name.split(".")
    for length in range(len(parts), 1, -1):
        path = ROOT.joinpath(*parts[:length])
        if path.is_dir():
            return length == len(parts)
        if path.with_suffix(".py").exists():
            return set(parts[length:]) <= _words(path.with_suffix(".py"))
    return False


def _is_known_to_django(name: str) -> bool:
    """`orders.expire_unpaid_orders`: a job; `orders.Order`: a model; `orders.cancel_order`: a permission."""
    app, _, rest = name.partition(".")
    *owner, job = name.split(".")
    jobs = ROOT.joinpath(*owner, "jobs.py")
    if jobs.exists() and job in _words(jobs):
        return True
    models = [model for model in apps.get_models() if model._meta.app_label == app]
    own = {codename for model in models for codename, _ in model._meta.permissions}
    usual = {f"{verb}_{model._meta.model_name}" for model in models for verb in ("add", "change", "delete", "view")}
    return rest.lower() in own | usual | {model._meta.model_name for model in models}


@cache
def _words(path: Path) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", path.read_text("utf-8")))


@cache
def _names_in_the_code() -> frozenset[str]:
    """What is defined in our packages, and the names of their folders and files."""
    found = (match for module in modules(*PACKAGES) for match in _DEFINED.findall(module.text))
    places = (part.removesuffix(".py") for module in modules(*PACKAGES) for part in module.name.split("/"))
    return frozenset({name for names in found for name in names} | set(places))


def _sources() -> Iterator[Path]:
    for folder in FOLDERS:
        if folder not in {"docs", "locale"}:
            yield from (path for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".html", ".js", ".sql"})
    yield from (ROOT / name for name in ("pyproject.toml", "Makefile", "docker-compose.yml", "manage.py"))


@cache
def _words_of_the_code() -> frozenset[str]:
    """Of all code and of the paths to it, in small letters and as they are. Not of this file, which names what is
    not there."""
    words = {word for path in _sources() if path != Path(__file__) for word in _words(path)}
    paths = {part for path in _sources() for part in path.relative_to(ROOT).with_suffix("").parts}
    return frozenset(words | paths | set(FOLDERS))


@cache
def _names_of_files() -> frozenset[str]:
    return frozenset(path.name for path in _sources())
