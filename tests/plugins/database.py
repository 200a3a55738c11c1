"""The database that tests run on, and how they leave it."""

from collections.abc import Iterator

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from tests.plugins.db_restore import may_restore, restoring_instead_of_flushing
from tests.plugins.own_database import own_database

# Making and dropping a test database is one statement each, and takes its time on a busy machine.
SLOW_STATEMENT_MS = 120_000


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
