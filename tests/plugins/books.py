"""A shop whose books are right, for tests that spoil them."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.plugins.db_restore import put_back_after
from tests.shop.books import Books, open_books, sql


@pytest.fixture
def repeatable_read(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test's own transaction has the audit's isolation level, so the audit sees what is planted in it."""
    level = "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL"
    with django_db_blocker.unblock():
        sql(f"{level} REPEATABLE READ")
    yield
    with django_db_blocker.unblock():
        sql(f"{level} READ COMMITTED")


@pytest.fixture(scope="module")
def committed_books(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Books]:
    """A shop whose books are right, opened once for all the faults that are planted in it."""
    with put_back_after(django_db_blocker):
        yield open_books()


@pytest.fixture
def books(committed_books: Books, repeatable_read: None, db: None) -> Books:
    """The shop; whatever a test does to it is rolled back."""
    return committed_books
