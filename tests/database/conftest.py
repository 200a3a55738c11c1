from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.database.books import Books, open_books, sql


@pytest.fixture
def repeatable_read(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test's own transaction has the audit's isolation level, so the audit sees what is planted in it."""
    level = "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL"
    with django_db_blocker.unblock():
        sql(f"{level} REPEATABLE READ")
    yield
    with django_db_blocker.unblock():
        sql(f"{level} READ COMMITTED")


@pytest.fixture
def books(repeatable_read: None, db: None) -> Books:
    """A shop whose books are right; it and whatever a test does to them is rolled back."""
    return open_books()
