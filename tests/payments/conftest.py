from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.shop.servers.sandbox import Sandbox, running_sandbox


@pytest.fixture
def sandbox(transactional_db: None, tmp_path: Path, settings: Any) -> Iterator[Sandbox]:
    """The sandbox provider, in a thread of this process, with books of its own; it sends webhooks when it is told."""
    with running_sandbox(tmp_path, settings) as provider:
        yield provider
