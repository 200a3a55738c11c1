"""No cache decides anything: what is placed, paid, reserved or let in is read from PostgreSQL, every time."""

import ast

import pytest

from tests.architecture.source import PACKAGES, Module, called, modules

# Whatever keeps rows or answers beyond a request. `functools.cache` of what never changes in a process is none.
CACHES = (
    *("django.core.cache", "django.middleware.cache", "django.views.decorators.cache.cache_page"),
    *("redis", "django_redis", "valkey", "cachalot", "cacheops", "pymemcache", "pylibmc", "diskcache"),
)


def _imported(tree: ast.Module) -> set[str]:
    """Every module, and every name of a module, that is imported somewhere in the file."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
        elif isinstance(node, ast.Call) and called(node).endswith(("import_module", "import_string")):
            names |= {str(each.value) for each in node.args if isinstance(each, ast.Constant)}
    return names


def _caches_in(module: Module) -> set[str]:
    return {
        name for name in _imported(module.tree) if any(name == each or name.startswith(f"{each}.") for each in CACHES)
    }


def test_nothing_reads_or_fills_a_cache() -> None:
    found = {module.name: caches for module in modules(*PACKAGES) if (caches := _caches_in(module))}

    assert found == {}, "docs/decisions/stored-answers.md says why none, and what would have to hold for one"


@pytest.mark.parametrize(
    "line",
    [
        *("from django.core.cache import cache", "from django.core import cache", "import django.core.cache"),
        *("def hold():\n    from django.core.cache import caches", "import redis", "from redis.client import Redis"),
        *("from django.views.decorators.cache import cache_page", "import_module('django.core.cache')"),
    ],
)
def test_it_would_be_seen(line: str) -> None:
    assert any(name.startswith(CACHES) for name in _imported(ast.parse(line)))
