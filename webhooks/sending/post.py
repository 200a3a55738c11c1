"""One request to a receiver."""

import asyncio
import time
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from aiohttp import ClientError, ClientSession

from webhooks.endpoints.secrets import signature_headers
from webhooks.services.record_attempts import ANSWER_BYTES, Outcome

# Read of an answer at most; the rest is not waited for, and the connection closed.
MOST_READ = 64 * 1024


class Post(NamedTuple):
    """What is sent: the bytes of `body`, signed at each try with `secrets_used`; not begun after `begun_by` (of this
    process's monotonic clock), for the lease would end before the answer."""

    endpoint_id: UUID
    delivery_id: UUID
    message_id: str
    url: str
    body: bytes
    secrets_used: list[str]
    begun_by: float


async def send_post(post: Post, session: ClientSession) -> Outcome:
    """Send it once and say what came of it, whatever that was. No redirect is followed: it would lead past the rules
    for addresses, and a receiver that has moved says so to its owner."""
    began, at = time.monotonic(), datetime.now(UTC)
    signed = signature_headers(
        message_id=post.message_id, body=post.body, secrets_used=post.secrets_used, at=int(at.timestamp())
    )
    headers = {"Content-Type": "application/json", "User-Agent": "Kontor-Webhooks/1", "Accept-Encoding": "identity"}
    try:
        async with session.post(post.url, data=post.body, headers=headers | signed, allow_redirects=False) as response:
            answer = await _beginning_of(response.content)
            status, told = response.status, {name.lower(): value for name, value in response.headers.items()}
    except TimeoutError:
        return Outcome(post.delivery_id, at, _since(began), error="No answer in time.")
    except (ClientError, OSError, ValueError, asyncio.IncompleteReadError) as error:
        return Outcome(post.delivery_id, at, _since(began), error=_words_of(error))
    text = answer[:ANSWER_BYTES].decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    return Outcome(post.delivery_id, at, _since(began), status=status, headers=told, answer=text)


async def _beginning_of(content: object) -> bytes:
    read = b""
    while len(read) < MOST_READ and (chunk := await content.read(MOST_READ - len(read))):  # type: ignore[attr-defined]
        read += chunk
    return read


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1_000)


def _words_of(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:300].replace("\0", "")
