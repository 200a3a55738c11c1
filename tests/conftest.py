import gc
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.databases import own_database
from tests.emptying import may_restore, restoring_instead_of_flushing

# Making and dropping a test database is one statement each, and takes its time on a busy machine.
SLOW_STATEMENT_MS = 120_000

# Until everything is imported nothing is garbage (pytest_collection_finish turns it on again).
gc.disable()

REAL_PASSWORD_HASHERS = list(settings.PASSWORD_HASHERS)


def pytest_xdist_auto_num_workers() -> int:
    """For `-n auto`: half as many again as cores, since a test often waits for PostgreSQL or another process."""
    return max(2, len(os.sched_getaffinity(0)) * 3 // 2)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no process is still at it when the others have nothing left to do.

    Each process begins with an equally long stretch of the list: the long ones are dealt out to the stretches'
    beginnings, a whole module or package to one process, as its tests share what took so long to make.
    """
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long: dict[Path, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("long"):
            shares = item.path.parent if item.path.parent.name == "full_tables" else item.path
            long.setdefault(shares, []).append(item)
    bounds = [len(items) * n // processes for n in range(processes + 1)]
    dealt = list(long.values())
    rest = iter([item for item in items if not item.get_closest_marker("long")])
    stretches = [list(itertools.chain.from_iterable(dealt[n::processes])) for n in range(processes)]
    for stretch, begin, end in zip(stretches, bounds[:-1], bounds[1:], strict=True):
        stretch.extend(itertools.islice(rest, max(0, end - begin - len(stretch))))
    items[:] = [*itertools.chain.from_iterable(stretches), *rest]


def pytest_collection_finish() -> None:
    """All modules are loaded by now and stay: looking for garbage in them again and again took its time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_blocker: DjangoDbBlocker) -> None:
    """A database of this process's own: two runs of one checkout share a server and must not share tables. Commits do
    not wait for the disk: no test here asks what is left when the server itself crashes."""
    options = f" -c statement_timeout={SLOW_STATEMENT_MS} -c synchronous_commit=off"
    options += " -c idle_in_transaction_session_timeout=0"  # a test's transaction waits for whatever the test does
    for alias in connections:
        connections[alias].settings_dict["OPTIONS"]["options"] += options
        with django_db_blocker.unblock():
            own_database(connections[alias])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Tests with real commits put back what they changed; where that is not allowed, Django empties all tables."""
    with django_db_blocker.unblock():
        is_allowed = may_restore()
    if not is_allowed:
        yield
        return
    with restoring_instead_of_flushing(django_db_blocker):
        yield


@pytest.fixture(autouse=True, scope="session")
def _light_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Passwords hash in no time, and collected static files may be missing; no test sees another one's numbers."""
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        BADGE_SECONDS=0,
    ):
        yield
