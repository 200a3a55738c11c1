"""What one answer, or none, is taken for."""

import asyncio
import math
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest

from webhooks.endpoints.secrets import new_secret
from webhooks.sending.connector import unguarded_session
from webhooks.sending.post import Post, send_post
from webhooks.services.record_attempts import Outcome


@contextmanager
def answering(raw: bytes) -> Iterator[str]:
    """One request is answered with these bytes; then the line is dead. Where to send it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_answer_one, args=(server, raw), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join()


def _answer_one(server: socket.socket, raw: bytes) -> None:
    link, _ = server.accept()
    with link:
        link.recv(65_536)
        link.sendall(raw)


def post_to(url: str) -> Post:
    return Post(uuid4(), uuid4(), str(uuid4()), url, b"{}", [new_secret()], math.inf)


async def sent(url: str) -> Outcome:
    async with unguarded_session() as session:
        return await send_post(post_to(url), session)


@pytest.mark.parametrize(
    ("begins", "more"),
    [
        ("200 OK\r\nContent-Length: 100", "taken"),
        ("410 Gone\r\nContent-Length: 100", "gone"),
        ("503 No\r\nRetry-After: 60\r\nTransfer-Encoding: chunked", "5\r\nlater"),
    ],
)
def test_a_status_counts_however_the_body_behind_it_ends(begins: str, more: str) -> None:
    with answering(f"HTTP/1.1 {begins}\r\n\r\n{more}".encode()) as url:
        outcome = asyncio.run(sent(url))

    assert outcome.status == int(begins[:3])
    assert outcome.is_success == begins.startswith("20")
    assert ("retry-after" in outcome.headers) == ("Retry-After" in begins)


@pytest.mark.parametrize(
    "raw", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Le", b"HTTP/1.1 abc OK\r\n\r\n"]
)
def test_what_is_no_answer_is_a_failure(raw: bytes) -> None:
    with answering(raw) as url:
        outcome = asyncio.run(sent(url))

    assert outcome.status is None
    assert outcome.error


def test_whatever_breaks_while_it_is_sent_is_a_try_that_failed() -> None:
    async def send_over_a_closed_session() -> Outcome:
        async with unguarded_session() as session:
            pass
        return await send_post(post_to("http://127.0.0.1:9/"), session)

    outcome = asyncio.run(send_over_a_closed_session())

    assert outcome.status is None
    assert "closed" in outcome.error
