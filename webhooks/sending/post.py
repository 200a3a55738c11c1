"""One request to a receiver."""

import time
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import structlog
from aiohttp import ClientError, ClientResponse, ClientSession

from webhooks.endpoints.secrets import signature_headers
from webhooks.services.record_attempts import ANSWER_BYTES, Outcome

log = structlog.get_logger("kontor.webhooks")
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
    """Send it once and say what came of it, whatever that was: what nobody hears of would be sent for ever. No redirect
    is followed: it would lead past the rules for addresses, and a receiver that has moved says so to its owner."""
    began, at = time.monotonic(), datetime.now(UTC)
    try:
        status, told, text = await _answer_to(post, session, at)
    except TimeoutError:
        return Outcome(post.delivery_id, at, _since(began), error="No answer in time.")
    except (ClientError, OSError, ValueError, EOFError) as error:
        return Outcome(post.delivery_id, at, _since(began), error=_words_of(error))
    except Exception as error:
        log.error("webhook_post_failed", delivery=str(post.delivery_id), exc_info=True)
        return Outcome(post.delivery_id, at, _since(began), error=_words_of(error))
    return Outcome(post.delivery_id, at, _since(began), status=status, headers=told, answer=text)


async def _answer_to(post: Post, session: ClientSession, at: datetime) -> tuple[int, dict[str, str], str]:
    """Status, headers with names in lower case, and the beginning of the body."""
    signed = signature_headers(
        message_id=post.message_id, body=post.body, secrets_used=post.secrets_used, at=int(at.timestamp())
    )
    headers = {"Content-Type": "application/json", "User-Agent": "Kontor-Webhooks/1", "Accept-Encoding": "identity"}
    async with session.post(post.url, data=post.body, headers=headers | signed, allow_redirects=False) as response:
        answer = await _beginning_of(response)
        told = {name.lower(): value for name, value in response.headers.items()}
        text = answer[:ANSWER_BYTES].decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
        return response.status, told, text


async def _beginning_of(response: ClientResponse) -> bytes:
    """What there is of the body. It breaking off, or never ending, changes nothing of what the status said."""
    read = b""
    try:
        while len(read) < MOST_READ and (chunk := await response.content.read(MOST_READ - len(read))):
            read += chunk
    except Exception:  # also what nobody foresees
        response.close()
    return read


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1_000)


def _words_of(error: BaseException) -> str:
    words = f"{type(error).__name__}: {error}"[:300].replace("\0", "")
    return words.encode("utf-8", "replace").decode()  # names and headers may hold half of a surrogate pair
