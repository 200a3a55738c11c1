"""One reader of the feed for all streams: it asks for what is new some times a second, while anybody listens."""

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Any, Final

from events.feed.event_access import EventAccess
from events.feed.reading import PositionGone, last_position
from events.live.entries import KEPT, MOST, Entry, latest_entries, next_entries, page_of_entries
from events.live.principals import Principal, Principals
from events.live.threads import Threads

PAUSE_SECONDS: Final = 0.2
LOOKS_UNTIL_DOUBT: Final = 300  # without news, about a minute
# An answer in one piece up to here goes to all streams of a kind at once; a longer one as fast as each takes it.
PIECE_BYTES: Final = 32 * 1024


class Hub:
    """`streams`: those that follow. Each has a `position`; what lies behind it was sent, or is not for it.

    `tell`: called with each batch, for whoever wants to know what changed.
    """

    def __init__(self, polls: Threads, reads: Threads, principals: Principals) -> None:
        self.position = 0
        self.tell: list[Callable[[list[Entry]], None]] = []
        self.listeners = 0
        self._polls = polls
        self._reads = reads
        self._principals = principals
        self._ring: list[Entry] = []
        self._first_after = 0  # the ring has all positions behind this one
        self._channels: dict[tuple[Principal, frozenset[str], bool], set[Any]] = {}
        self._awake = asyncio.Event()
        self._started = asyncio.Event()
        self._idle_looks = 0

    async def run(self) -> None:
        """For ever. Without listeners nothing is asked."""
        while True:
            if not self.listeners:
                self._awake.clear()
                self._started.clear()
                await self._awake.wait()
            if not self._started.is_set():
                await self._start()
            is_full = await self._take_next()
            await asyncio.sleep(0 if is_full else PAUSE_SECONDS)

    async def listen(self) -> None:
        """Whoever will follow says so first; `position` is the feed's own then. Ends with `unlisten`."""
        self.listeners += 1
        self._awake.set()
        try:
            await self._started.wait()
        except asyncio.CancelledError:
            self.unlisten()
            raise

    def unlisten(self) -> None:
        self.listeners -= 1

    async def _start(self) -> None:
        last, entries = await self._polls.insist(latest_entries)
        self._ring, self.position, self._first_after = entries, last, last
        if entries:
            self._first_after = entries[0].position - 1
        self._started.set()

    async def _take_next(self) -> bool:
        """Read what is new and send it. Whether there may be more."""
        asked = self._principals.asked_about()
        entries, hidden = await self._polls.insist(next_entries, self.position, [access for _, access in asked])
        if not entries:
            await self._look_for_restored_database()
            return False
        self._idle_looks = 0
        self.position = entries[-1].position
        self._ring += entries
        del self._ring[: max(0, len(self._ring) - KEPT)]
        self._first_after = self._ring[0].position - 1
        self._note_hidden(asked, hidden)
        for tell in self.tell:
            tell(entries)
        self._send(entries)
        return len(entries) == MOST

    async def _look_for_restored_database(self) -> None:
        """Positions that went back are another feed's: who follows begins anew, and is told so."""
        self._idle_looks += 1
        if self._idle_looks % LOOKS_UNTIL_DOUBT == 0 and await self._polls.insist(last_position) < self.position:
            for streams in list(self._channels.values()):
                for stream in list(streams):
                    stream.give_up()
            await self._start()

    def _note_hidden(self, asked: list[tuple[Principal, EventAccess]], hidden: list[frozenset[int]]) -> None:
        """Who came, or whose rights changed, while it was asked, knows only from here on."""
        pairs = zip(asked, hidden, strict=True)
        known = {principal: positions for (principal, access), positions in pairs if principal.access is access}
        for principal, _ in self._principals.asked_about():
            if principal in known:
                principal.hidden = {one for one in principal.hidden if one > self._first_after} | known[principal]
            else:
                principal.hidden.clear()
                principal.knows_from = self.position

    def _send(self, entries: list[Entry]) -> None:
        before = entries[0].position - 1
        for (principal, types, is_sse), streams in list(self._channels.items()):
            piece = b"".join(_for_channel(entries, principal, types, is_sse=is_sse))
            for stream in list(streams):
                is_along = stream.position == before >= principal.knows_from and not stream.is_paused
                if is_along and len(piece) <= PIECE_BYTES:
                    stream.position = self.position
                    if piece:
                        stream.write(piece)
                elif stream.is_paused and self.position - stream.position > MOST:
                    stream.give_up()
                else:
                    self.pump(stream)

    def pump(self, stream: Any) -> None:
        """Send what the stream lacks, as far as its reader takes it. One that lacks what is not at hand reads it."""
        if stream.position < max(self._first_after, stream.principal.knows_from):
            if not stream.is_paused:
                self._leave_channel(stream)
                stream.catch_up()
            return
        lacking = self._ring[bisect_right(self._ring, stream.position, key=lambda entry: entry.position) :]
        for entry in lacking:
            if stream.is_paused or not stream.is_open:
                return
            stream.position = entry.position
            for piece in _for_channel([entry], stream.principal, stream.types, is_sse=stream.is_sse):
                stream.write(piece)

    async def follow(self, stream: Any) -> None:
        """Read for the stream what it lacks, in pages, then let it go along with the others."""
        while stream.is_open and stream.position < max(self._first_after, stream.principal.knows_from):
            await stream.until_ready()
            access = stream.principal.access
            try:
                entries, reached = await self._reads.insist(
                    page_of_entries, access, stream.position, sorted(stream.types)
                )
            except PositionGone:  # it was slower than events are kept: it is told so when it comes back
                stream.give_up()
                return
            if not stream.is_open or access is not stream.principal.access:
                continue
            for entry in entries:
                stream.write(entry.sse if stream.is_sse else entry.frame)
            stream.position = max(stream.position, reached)
        if stream.is_open:
            self._channels.setdefault(_channel_of(stream), set()).add(stream)
            stream.is_following = True
            self.pump(stream)

    def leave(self, stream: Any) -> None:
        self._leave_channel(stream)

    def _leave_channel(self, stream: Any) -> None:
        stream.is_following = False
        channel = self._channels.get(_channel_of(stream))
        if channel is not None:
            channel.discard(stream)
            if not channel:
                del self._channels[_channel_of(stream)]


def _channel_of(stream: Any) -> tuple[Principal, frozenset[str], bool]:
    return stream.principal, stream.types, stream.is_sse


def _for_channel(
    entries: Iterable[Entry], principal: Principal, types: frozenset[str], *, is_sse: bool
) -> Iterable[bytes]:
    for entry in entries:
        if (
            entry.event.type in types
            and principal.access.may_cover(entry.event)
            and entry.position not in principal.hidden
        ):
            yield entry.sse if is_sse else entry.frame
