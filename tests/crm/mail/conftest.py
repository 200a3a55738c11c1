"""Buyers hear of their orders: once, in their language, over real SMTP, and nothing from before it was turned on."""

from collections.abc import Iterator

import pytest

from crm.services.mail.queue_order_mails import queue_order_mails
from tests.shop.servers.smtp_server import Letters, mail_server


@pytest.fixture
def letters() -> Iterator[Letters]:
    with mail_server() as there:
        yield there


@pytest.fixture
def shop(db: None, letters: Letters) -> Letters:
    """It is turned on before anything happens."""
    queue_order_mails()
    return letters
