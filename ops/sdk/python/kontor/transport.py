"""Below every operation: one idempotency key for all tries of a request, patience, and refusals as exceptions."""

from __future__ import annotations

import asyncio
import json
import random
import time
import uuid
from dataclasses import dataclass

import httpx

from kontor.problems import refusal_for
from kontor.refusals import Refused, Unreachable

# Busy, or away: the same request may be sent again.
AGAIN = frozenset({429, 502, 503, 504})


@dataclass(frozen=True)
class Patience:
    """`tries` in all; between them `first_pause` seconds, doubled each time, with jitter, or what Retry-After says."""

    tries: int = 5
    first_pause: float = 0.25
    longest_pause: float = 30.0

    def pause(self, attempt: int, response: httpx.Response | None) -> float:
        """Seconds after try `attempt`, 1 for the first."""
        said = response.headers.get("Retry-After", "") if response is not None else ""
        if said.isdigit():
            return min(float(said), self.longest_pause)
        return min(self.first_pause * 2.0 ** (attempt - 1), self.longest_pause) * random.uniform(0.5, 1)  # noqa: S311


PATIENT = Patience()


def prepare(request: httpx.Request) -> None:
    """Without a key a POST could not be sent again."""
    if request.method == "POST" and "Idempotency-Key" not in request.headers:
        request.headers["Idempotency-Key"] = str(uuid.uuid4())


def refused(response: httpx.Response) -> Refused:
    """The refusal in an answer that has been read."""
    try:
        problem = json.loads(response.content)
    except ValueError:
        problem = {}
    return refusal_for(response.status_code, problem if isinstance(problem, dict) else {})


class PatientTransport(httpx.HTTPTransport):
    def __init__(self, patience: Patience) -> None:
        super().__init__()
        self._patience = patience

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        prepare(request)
        request.read()
        for attempt in range(1, self._patience.tries + 1):
            response = None
            try:
                response = super().handle_request(request)
                if response.status_code < 400:
                    return response
                response.read()
                if response.status_code not in AGAIN or attempt == self._patience.tries:
                    raise refused(response)
            except httpx.TransportError as error:
                if attempt == self._patience.tries:
                    raise Unreachable(str(error)) from error
            time.sleep(self._patience.pause(attempt, response))
        raise Unreachable("no try was allowed")


class AsyncPatientTransport(httpx.AsyncHTTPTransport):
    def __init__(self, patience: Patience) -> None:
        super().__init__()
        self._patience = patience

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        prepare(request)
        await request.aread()
        for attempt in range(1, self._patience.tries + 1):
            response = None
            try:
                response = await super().handle_async_request(request)
                if response.status_code < 400:
                    return response
                await response.aread()
                if response.status_code not in AGAIN or attempt == self._patience.tries:
                    raise refused(response)
            except httpx.TransportError as error:
                if attempt == self._patience.tries:
                    raise Unreachable(str(error)) from error
            await asyncio.sleep(self._patience.pause(attempt, response))
        raise Unreachable("no try was allowed")
