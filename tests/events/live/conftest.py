from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.events.live.listening import Live, live_process, wait_for_streams


@pytest.fixture(scope="session")
def shared_live(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    log: Path = tmp_path_factory.mktemp("live") / "log"
    with django_db_blocker.unblock(), live_process(log) as live:
        yield live


@pytest.fixture
def live(shared_live: Live, transactional_db: None) -> Iterator[Live]:
    """One process for all tests; each leaves it without streams."""
    yield shared_live
    wait_for_streams(shared_live, 0)
