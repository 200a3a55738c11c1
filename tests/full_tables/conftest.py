from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from benchmarks.crowd import fill_the_rest
from tests.shop.http.admin_pages import superuser

ROWS = 100_000


@pytest.fixture(scope="package")
def full_shop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """As many orders and customers, and all that hangs on them, made once for all tests of this folder."""
    with django_db_blocker.unblock():
        assert str(connection.settings_dict["NAME"]).startswith("test_"), "This fills and flushes the database."
        superuser("owner@example.com")
        call_command("generate_orders", orders=ROWS, customers=ROWS, verbosity=0)
        fill_the_rest()
        yield
        call_command("flush", interactive=False, verbosity=0)
        connection.close()  # as pytest-django leaves it for tests that need no database
