import base64
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from payments.sandbox.books import Books
from payments.sandbox.server import SandboxServer
from tests.payments.play_money import SECRET, Sandbox


@pytest.fixture
def sandbox(transactional_db: None, tmp_path: Path, settings: Any) -> Iterator[Sandbox]:
    """The sandbox provider, in a thread of this process, with books of its own; it sends webhooks when it is told."""
    books = Books(tmp_path / "sandbox.sqlite3")
    server = SandboxServer(("127.0.0.1", 0), books)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    settings.SANDBOX_PROVIDER_URL, settings.SANDBOX_WEBHOOK_SECRET = server.url, SECRET
    assert base64.b64decode(SECRET.removeprefix("whsec_"))
    yield Sandbox(books, server.url)
    server.shutdown()
    server.server_close()
    books.close()
