from collections.abc import Iterator

import pytest
from django.db import connection

from embedded_postgres.backup.recovering import mark_restored
from embedded_postgres.server.roles import RESTORED_SETTING
from shared.database.restored import DOOR
from tests.payments.services.restored import MOMENT, Restore, superuser


@pytest.fixture
def restore(transactional_db: None) -> Iterator[Restore]:
    """Called, the database is a restored one, and the web server has just started on it."""

    def bring_back() -> None:
        mark_restored(link, until=MOMENT)
        DOOR.close_until_looked()

    with superuser() as link:
        yield bring_back
        link.execute(f'ALTER DATABASE "{connection.settings_dict["NAME"]}" RESET {RESTORED_SETTING}')
    DOOR.look()


@pytest.fixture
def restored(restore: Restore) -> None:
    restore()
