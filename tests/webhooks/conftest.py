"""A receiver that may be sent to, and a sender."""

from collections.abc import Iterator
from typing import Any

import pytest

from config.processes.webhook_sending import WebhookThread
from tests.shop.servers.webhook_receiver import Receiver, receiver_running


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with receiver_running() as running:
        settings.WEBHOOK_ALLOW_HOSTS = frozenset({running.host})
        yield running


@pytest.fixture
def sender(transactional_db: None) -> Iterator[WebhookThread]:
    thread = WebhookThread()
    thread.start()
    yield thread
    thread.stop()
    assert not thread.is_alive()
