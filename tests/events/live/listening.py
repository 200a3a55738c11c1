"""The live process on the test's database, and clients that listen to it."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.db import connection

from events.feed.reading import last_position
from events.models.event import Event
from events.models.sequencer import Sequencer
from events.services.sequence_events import sequence_events
from shared.clock import database_now
from tests.shop.servers.processes import MANAGE, running, url_of, wait_for

PATIENCE = 30.0
LOOK_AGAIN = "1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class Live:
    """A running process."""

    port: int
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def get(self, path: str, *, headers: dict[str, str] | None = None, method: str = "GET", **query: Any) -> "Stream":
        """A request's answer, which may be a stream. Close it."""
        link = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        link.request(method, f"{path}?{urlencode(query)}" if query else path, headers=headers or {})
        return Stream(link, link.getresponse())

    def events(self, authorization: str | None, *, last: int | None = None, **query: Any) -> "Stream":
        headers = {"Authorization": authorization} if authorization else {}
        return self.get(
            "/live/events", headers=headers | ({} if last is None else {"Last-Event-ID": str(last)}), **query
        )

    def streams(self) -> int:
        with closing(self.get("/healthz")) as answer:
            many: int = answer.body()["streams"]
        return many


@dataclass
class Stream:
    """Reads server-sent events as a browser does. `last_id`: what it would come back with."""

    link: HTTPConnection
    answer: HTTPResponse
    last_id: int = -1
    comments: int = 0
    names: list[str] = field(default_factory=list)

    def body(self) -> Any:
        return json.loads(self.answer.read())

    def next(self) -> dict[str, Any] | None:
        """The next event; None where the stream ends."""
        data: list[str] = []
        until = time.monotonic() + 2 * PATIENCE
        for raw in iter(self.answer.readline, b""):
            assert time.monotonic() < until, "nothing came but signs of life"
            name, _, value = raw.decode().rstrip("\n").partition(":")
            value = value.removeprefix(" ")
            if not raw.strip() and data:
                told: dict[str, Any] = json.loads("\n".join(data))
                return told
            if name == "data":
                data.append(value)
            elif name == "id":
                self.last_id = int(value)
            elif name == "event":
                self.names.append(value)
            elif not name and raw.strip():
                self.comments += 1
        return None

    def take(self, many: int) -> list[dict[str, Any]]:
        return [told for told in (self.next() for _ in range(many)) if told is not None]

    def until(self, position: int) -> list[dict[str, Any]]:
        """All up to the event of this position, which must come."""
        told: list[dict[str, Any]] = []
        while not told or told[-1]["position"] < position:
            following = self.next()
            assert following is not None, "the stream ended"
            told.append(following)
        return told

    def has_ended(self) -> bool:
        """Whether it ends, whatever comes before."""
        while self.next() is not None:
            pass
        return True

    def close(self) -> None:
        self.answer.close()
        self.link.close()


@contextmanager
def live_process(log: Path, *, port: int = 0, web_port: int = 8000) -> Iterator[Live]:
    port = port or free_port()
    command = [*MANAGE, "live", "--port", str(port), "--look-again", LOOK_AGAIN]
    database = url_of(connection.settings_dict["NAME"])
    with running(command, log, DATABASE_URL=database, PORT=str(web_port)) as process:
        live = Live(port, process)
        wait_for(lambda: _answers(live), f"live answers: {log}")
        yield live
        if process.poll() is None:
            process.terminate()
            process.wait(PATIENCE)


def _answers(live: Live) -> bool:
    assert live.process.poll() is None, "it has ended"
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", live.port)) == 0


def many_events(many: int, event_type: str = "product.updated", *, size: int = 0) -> int:
    """So many more, written as the sequencer writes them; the last one's position."""
    sequence_events()
    last = last_position()
    Event.objects.bulk_create(
        Event(
            position=last + number,
            id=uuid4(),
            type=event_type,
            aggregate_type=event_type.partition(".")[0],
            aggregate_id=uuid4(),
            sequence=1,
            data={"filling": "x" * size},
            created_at=database_now(),
        )
        for number in range(1, many + 1)
    )
    Sequencer.objects.update(position=last + many)
    return last + many


def raw_stream(live: Live, authorization: str, **query: Any) -> socket.socket:
    """A stream that nobody reads, with the smallest buffer there is."""
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    link.settimeout(PATIENCE)
    link.connect(("127.0.0.1", live.port))
    target = f"/live/events?{urlencode(query)}"
    link.sendall(f"GET {target} HTTP/1.1\r\nHost: live\r\nAuthorization: {authorization}\r\n\r\n".encode())
    return link


def wait_for_streams(live: Live, many: int) -> None:
    wait_for(lambda: live.streams() == many, f"{many} streams")


def within(seconds: float, since: float) -> bool:
    return time.monotonic() - since < seconds
