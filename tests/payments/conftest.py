from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.payments.stripe_orders import SECRET
from tests.payments.stripe_server import StripeServer
from tests.shop.servers.sandbox import Sandbox, running_sandbox


@pytest.fixture
def sandbox(transactional_db: None, tmp_path: Path, settings: Any) -> Iterator[Sandbox]:
    """The sandbox provider, in a thread of this process, with books of its own; it sends webhooks when it is told."""
    with running_sandbox(tmp_path, settings) as provider:
        yield provider


@pytest.fixture
def server(settings: Any) -> Iterator[StripeServer]:
    with StripeServer().open() as server:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_1", SECRET
        settings.STRIPE_API_BASE = server.url
        yield server
