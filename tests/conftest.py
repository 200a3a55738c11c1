from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connections
from django.test import override_settings

# Making and dropping a test database is one statement each, and takes its time on a busy machine.
SLOW_STATEMENT_MS = 120_000

REAL_PASSWORD_HASHERS = list(settings.PASSWORD_HASHERS)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    for alias in connections:
        options = connections[alias].settings_dict["OPTIONS"]
        options["options"] += f" -c statement_timeout={SLOW_STATEMENT_MS}"


@pytest.fixture(autouse=True, scope="session")
def _light_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Passwords hash in no time, and collected static files may be missing."""
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
    ):
        yield
