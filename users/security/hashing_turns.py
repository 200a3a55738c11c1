"""Looking at a password costs the better part of a second of CPU: all tries together get a bounded share of it
(docs/decisions/sign-in.md)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils.translation import gettext

from shared.concurrency.throttling import RateLimited, hit

_LONGEST_WAIT_SECONDS = 5.0
_PASSWORD_CHANGES_PER_MINUTE = 10


class Lane:
    """One password is looked at at a time, in each process; a few wait, for each holds a thread; others are refused."""

    def __init__(self, *, waiting: int) -> None:
        self._places = threading.BoundedSemaphore(1 + waiting)
        self._turn = threading.BoundedSemaphore(1)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Raises RateLimited."""
        if not self._places.acquire(blocking=False):
            raise _too_busy()
        try:
            if not self._turn.acquire(timeout=_LONGEST_WAIT_SECONDS):
                raise _too_busy()
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._places.release()


def _too_busy() -> RateLimited:
    return RateLimited(
        gettext("Many are signing in at this moment. Try again in a few seconds."), retry_after_seconds=2
    )


# Those who sign in where they always do never wait for the crowd.
CROWD, KNOWN = Lane(waiting=3), Lane(waiting=3)


@contextmanager
def turn_to_sign_in(*, is_known_place: bool) -> Iterator[None]:
    """Look at a password in the block. Raises RateLimited: too many at once, or, of all accounts and addresses
    together, more than SIGN_INS_PER_MINUTE_OVERALL at places that their account is not known to be used from.

    After the narrower limits: a try that they refuse costs nothing, and must not use up the others' share.
    """
    with (KNOWN if is_known_place else CROWD).turn():
        if not is_known_place:
            hit(name="sign-in", subject="everybody", limit=settings.SIGN_INS_PER_MINUTE_OVERALL)
        yield


@contextmanager
def turn_to_change_password(*, account: str) -> Iterator[None]:
    """Look at the old password and hash the new one in the block. Raises RateLimited."""
    hit(name="password change", subject=account, limit=_PASSWORD_CHANGES_PER_MINUTE)
    with KNOWN.turn():
        yield
