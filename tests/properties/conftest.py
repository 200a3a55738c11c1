from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker


@pytest.fixture
def repeatable_read(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The audit wants its isolation level; here it runs inside of the test's transaction."""
    level = "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL"
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"{level} REPEATABLE READ")
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"{level} READ COMMITTED")
