"""What a connection became: a stream of events, or of the stock of some variants."""

import asyncio
from typing import Any, Protocol

from events.live.access import Credentials
from events.live.hub import Hub
from events.live.principals import Principal, Principals


class Sink(Protocol):
    """A connection, as streams see it."""

    is_paused: bool
    is_open: bool

    def write(self, data: bytes) -> None: ...

    def end(self, code: int = 1000, reason: str = "") -> None: ...

    def abort(self) -> None: ...


class EventStream:
    """Follows the hub. `position`: of all up to there, what is for it has been written."""

    __slots__ = ("_hub", "_principals", "_ready", "_sink", "_task", "_told", "is_following", "is_sse", "position",
                 "principal", "types")  # fmt: skip

    principal: Principal

    def __init__(self, sink: Sink, hub: Hub, principals: Principals, *, types: frozenset[str], is_sse: bool) -> None:
        self._sink = sink
        self._hub = hub
        self._principals = principals
        self._ready: asyncio.Event | None = None
        self._task: asyncio.Task[None] | None = None
        self.types = types
        self.is_sse = is_sse
        self.is_following = False
        self.position = self._told = 0

    def begin(self, credentials: Credentials, access: Any, position: int) -> None:
        """From the position on. The hub is listening already."""
        self.position = self._told = position
        self.principal = self._principals.enter(self, credentials, access, self._hub.position)
        self.catch_up()

    @property
    def is_paused(self) -> bool:
        return self._sink.is_paused

    @property
    def is_open(self) -> bool:
        return self._sink.is_open

    def write(self, data: bytes) -> None:
        self._told = self.position
        self._sink.write(data)

    def catch_up(self) -> None:
        self._task = asyncio.create_task(self._hub.follow(self))
        self._task.add_done_callback(self._caught_up)

    def _caught_up(self, done: asyncio.Task[None]) -> None:
        self._task = None
        if not done.cancelled() and done.exception() is not None:
            self.give_up()
            done.result()

    async def until_ready(self) -> None:
        while self.is_paused and self.is_open:
            self._ready = asyncio.Event()
            await self._ready.wait()

    def resume(self) -> None:
        """Its reader takes more."""
        if self._ready is not None:
            self._ready.set()
        if self.is_following:
            self._hub.pump(self)

    def beat(self) -> None:
        """Where it is, for a reader that was sent nothing for long: it would come back and be read it all."""
        if self.is_sse and not self.is_paused:
            has_moved = self.is_following and self._told != self.position
            self.write(b":\nid: %d\n\n" % self.position if has_moved else b":\n\n")

    def revoke(self) -> None:
        """The sign-in has ended, or may not see events any more."""
        self._sink.end(1008, "revoked")

    def give_up(self) -> None:
        """It reads too slowly. It comes back and goes on from where it was."""
        self._sink.abort()

    def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._hub.leave(self)
        self._principals.leave(self, self.principal)
        self._hub.unlisten()
