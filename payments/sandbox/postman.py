"""Delivers the sandbox's webhooks: tidily, or as providers do on a bad day: twice, late and in any order."""

import random
import threading
import time
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from payments.sandbox.books import Books
from payments.sandbox.signing import sign

PAUSE_SECONDS = 0.1
TIMEOUT_SECONDS = 10


class Postman(threading.Thread):
    """Sends each event until somebody acknowledges it with a 2xx."""

    def __init__(self, books: Books, *, url: str, secret: str, is_messy: bool, seed: int | None = None) -> None:
        super().__init__(daemon=True)
        self._books, self._url, self._secret = books, url, secret
        self._is_messy, self._random = is_messy, random.Random(seed)  # noqa: S311
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(PAUSE_SECONDS):
            batch = self._books.untold()
            if self._is_messy:
                # No copy at all is what makes one late: nobody acknowledged it, so a later round has it again.
                batch = [event for event in batch for _copy in range(self._random.randint(0, 2))]
                self._random.shuffle(batch)
            for event_id, body in batch:
                if not self.deliver(event_id, body) and not self._is_messy:
                    break  # the rest must not overtake it

    def deliver(self, event_id: str, body: str) -> bool:
        """Whether it was acknowledged."""
        raw = body.encode()
        headers = sign(raw, event_id=event_id, timestamp=int(time.time()), secret=self._secret)
        is_told = post(self._url, raw, headers)
        if is_told:
            self._books.told(event_id)
        return is_told


def post(url: str, body: bytes, headers: dict[str, str]) -> bool:
    """Whether the answer was a 2xx."""
    address = urlsplit(url)
    link = HTTPConnection(address.hostname or "", address.port, timeout=TIMEOUT_SECONDS)
    try:
        link.request("POST", address.path, body, {"Content-Type": "application/json", **headers})
        return 200 <= link.getresponse().status < 300
    except (OSError, HTTPException):
        return False
    finally:
        link.close()
