"""Threads that meet in the database, with real commits."""

from collections.abc import Iterator
from typing import Any

import pytest

from orders.services.upkeep.audit_books import audit_books
from users.models.api_key import Scope
from users.models.user import User
from users.services.create_api_key import create_api_key


@pytest.fixture
def each_alone(settings: Any) -> None:
    """Each thread stands for a server of its own: it meets the others in the database, not in its process's queue."""
    settings.PLACE_TOGETHER = False


@pytest.fixture(params=["each alone", "together"])
def both_ways(request: pytest.FixtureRequest, settings: Any, each_alone: None) -> None:
    """Once like that, and once as threads of one process, whose waiting orders are written together."""
    settings.PLACE_TOGETHER = request.param == "together"


@pytest.fixture
def audited_shop(transactional_db: None, each_alone: None) -> Iterator[None]:
    """Real commits, and books that must be right when the test is over."""
    yield
    assert [(f.check.name, f.rows) for f in audit_books() if f.count and f.check.is_discrepancy] == []


@pytest.fixture
def secret(transactional_db: None) -> str:
    """An API key's secret that may do everything."""
    owner = User.objects.create_superuser("staff@example.com")
    return create_api_key(owner=owner, name="till", scopes=Scope.values)[1]
