"""A database of one test alone, whose schema it may change."""

from collections.abc import Iterator

import pytest
from django.db import connection


@pytest.fixture
def own_tables(transactional_db: None) -> Iterator[None]:
    """A copy of the test's database, which Django's connections lead to."""
    own = connection.settings_dict["NAME"]
    name = f"{own}_months"
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{own}"')
    connection.settings_dict["NAME"] = name
    yield
    connection.close()
    connection.settings_dict["NAME"] = own
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
