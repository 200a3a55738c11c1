"""Who has streams open: their rights looked up again and again, once for all streams of the same sign-in."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, InterfaceError
from rest_framework.exceptions import APIException

from events.feed.event_access import EventAccess
from events.live.access import Credentials, look_up_access
from events.live.threads import Threads

LOOK_AGAIN_SECONDS = 60.0


class Principal:
    """`knows_from`: of later positions `hidden` says which are not theirs to see where only the database knows."""

    __slots__ = ("access", "checked_at", "credentials", "hidden", "knows_from", "streams")

    def __init__(self, credentials: Credentials, access: EventAccess, position: int) -> None:
        self.credentials = credentials
        self.access = access
        self.checked_at = time.monotonic()
        self.knows_from = position
        self.hidden: set[int] = set()
        self.streams: set[Any] = set()


class Principals:
    """All of them that have a stream."""

    def __init__(self, threads: Threads, *, look_again_seconds: float = LOOK_AGAIN_SECONDS) -> None:
        self._threads = threads
        self._seconds = look_again_seconds
        self._known: dict[Credentials, Principal] = {}
        self._asking: dict[Credentials, asyncio.Task[EventAccess]] = {}

    async def admit(self, credentials: Credentials) -> EventAccess:
        """What they may see now; who comes at the same moment with the same is asked for once. Raises APIException."""
        task = self._asking.get(credentials)
        if task is None:
            task = asyncio.create_task(self._threads.run(look_up_access, credentials))
            self._asking[credentials] = task
            task.add_done_callback(lambda done: self._forget(credentials, done))
        return await asyncio.shield(task)

    def _forget(self, credentials: Credentials, done: asyncio.Task[EventAccess]) -> None:
        self._asking.pop(credentials, None)
        if not done.cancelled():
            done.exception()  # whoever asked may be gone

    def enter(self, stream: Any, credentials: Credentials, access: EventAccess, position: int) -> Principal:
        principal = self._known.get(credentials)
        if principal is None:
            principal = self._known[credentials] = Principal(credentials, access, position)
        else:
            self._renew(principal, access, position)
        principal.streams.add(stream)
        return principal

    def leave(self, stream: Any, principal: Principal) -> None:
        principal.streams.discard(stream)
        if not principal.streams and self._known.get(principal.credentials) is principal:
            del self._known[principal.credentials]

    def asked_about(self) -> list[tuple[Principal, EventAccess]]:
        """Those of whose access only the database knows."""
        return [(one, one.access) for one in self._known.values() if one.access.owner is not None]

    async def look_again_forever(self, position: Callable[[], int]) -> None:
        while True:
            await asyncio.sleep(min(1.0, self._seconds / 4))
            due = time.monotonic() - self._seconds * 0.9
            for principal in [one for one in self._known.values() if one.checked_at < due]:
                await self._look_again(principal, position)

    async def _look_again(self, principal: Principal, position: Callable[[], int]) -> None:
        try:
            access = await self._threads.run(look_up_access, principal.credentials)
        except APIException:
            for stream in list(principal.streams):
                stream.revoke()
            return
        except (DatabaseError, InterfaceError):
            return  # its streams stay, without news: these come from the same database
        self._renew(principal, access, position())

    def _renew(self, principal: Principal, access: EventAccess, position: int) -> None:
        """What was not sent yet is looked at anew where rights are others, or only the database knows them."""
        principal.checked_at = time.monotonic()
        if access != principal.access or access.owner is not None:
            principal.hidden.clear()
            principal.knows_from = position
        principal.access = access
