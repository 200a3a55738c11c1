"""Who opens a stream, of what, and from where on."""

import asyncio
import random
from typing import Any, Final, Protocol

import orjson

from events.feed.reading import position_from
from events.live.access import Credentials, Header, use_ticket
from events.live.answers import problem_answer, problem_of, stream_head
from events.live.connection import Connection, Head
from events.live.hub import Hub
from events.live.principals import Principals
from events.live.requests import Wanted, query_of, variants_of, wanted_by, wanted_by_message
from events.live.stock import StockHub
from events.live.streams import EventStream
from events.live.threads import Threads
from events.live.websocket import WebSocket
from shared.http.problem_details import problem_for_status

FIRST_MESSAGE_SECONDS: Final = 10.0


class Room(Protocol):
    """Where streams are counted."""

    def make_room(self, *, public: bool) -> None: ...

    def enlist(self, connection: Connection, stream: Any) -> None: ...


class Opening:
    """Each raises what the problem to answer is made of, before anything is written."""

    def __init__(self, room: Room, hub: Hub, stock: StockHub, principals: Principals, reads: Threads) -> None:
        self._room = room
        self._hub = hub
        self._stock = stock
        self._principals = principals
        self._reads = reads

    async def open_events(self, connection: Connection, head: Head) -> None:
        query = query_of(head.target)
        credentials = await self._credentials_of(head, query)
        access = await self._principals.admit(credentials)
        wanted = wanted_by(query, head)
        self._room.make_room(public=False)
        position = await self._reads.run(position_from, wanted.after)
        if await self._is_listening(connection):
            retry = random.randint(1_000, 4_000)  # noqa: S311 - so that not all come back at once
            first = b"retry: %d\nid: %d\n\n" % (retry, position)
            connection.write(stream_head(head) + first)
            self._begin(connection, wanted, credentials, access, position, is_sse=True)

    async def open_socket(self, connection: Connection, head: Head, raw: bytes) -> None:
        query = query_of(head.target)
        credentials = await self._credentials_of(head, query)
        access = await self._principals.admit(credentials)
        self._room.make_room(public=False)
        if list(query):
            wanted_by(query)  # nothing but a ticket belongs there: types and position are in the first message
        agreed = connection.open_socket(raw)
        if agreed is None:
            problem = problem_for_status(400, "That is no handshake of a WebSocket.")
            connection.write(problem_answer(problem, "/live/ws", {"Upgrade": "websocket"}))
            return
        await self._read_first_message(connection, agreed, credentials, access)

    async def _read_first_message(
        self, connection: Connection, agreed: WebSocket, credentials: Credentials, access: Any
    ) -> None:
        try:
            async with asyncio.timeout(FIRST_MESSAGE_SECONDS):
                wanted = wanted_by_message(await agreed.first)
            position = await self._reads.run(position_from, wanted.after)
        except TimeoutError:
            connection.end(1008, "no first message")
            return
        except Exception as error:
            problem, _ = problem_of(error, "/live/ws")
            agreed.say(orjson.dumps(problem.body("/live/ws")))
            connection.end(1008, problem.code)
            return
        if await self._is_listening(connection):
            self._begin(connection, wanted, credentials, access, position, is_sse=False)

    async def open_stock(self, connection: Connection, head: Head) -> None:
        variants = variants_of(query_of(head.target))
        self._room.make_room(public=True)
        if not await self._is_listening(connection):
            return
        try:
            stream = await self._stock.watch(connection, variants)
        except BaseException:
            self._hub.unlisten()
            raise
        connection.write(stream_head(head, public=True) + b"retry: %d\n\n" % random.randint(1_000, 4_000))  # noqa: S311
        self._room.enlist(connection, stream)
        stream.resume()

    async def _credentials_of(self, head: Head, query: Any) -> Credentials:
        ticket = query.pop("ticket", [""])[-1]
        if ticket:
            return await self._reads.run(use_ticket, ticket)
        return Header(head.headers.get("authorization", ""))

    async def _is_listening(self, connection: Connection) -> bool:
        """Whether the hub listens for the connection, which is still there."""
        await self._hub.listen()
        if not connection.is_open:
            self._hub.unlisten()
        return connection.is_open

    def _begin(
        self,
        connection: Connection,
        wanted: Wanted,
        credentials: Credentials,
        access: Any,
        position: int,
        *,
        is_sse: bool,
    ) -> None:
        stream = EventStream(connection, self._hub, self._principals, types=wanted.types, is_sse=is_sse)
        self._room.enlist(connection, stream)
        stream.begin(credentials, access, position)
