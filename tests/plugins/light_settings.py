"""Settings that no test asks about, made cheap."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings

REAL_PASSWORD_HASHERS = list(settings.PASSWORD_HASHERS)


@pytest.fixture(autouse=True, scope="session")
def _light_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Passwords hash in no time, and collected static files may be missing; no test sees another one's numbers."""
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        BADGE_SECONDS=0,
    ):
        yield
