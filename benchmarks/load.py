"""HTTP/1.1 clients that cost little: one thread, poll(), prebuilt bytes; `python -m benchmarks.load <job`

Every client keeps one connection and one request in flight. A process of its own, so that its CPU time is
known and it shares no interpreter lock with anything measured.
"""

import dataclasses
import itertools
import json
import random
import re
import select
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_STUCK_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Job:
    """`requests` are (before, after) pairs, sent with a fresh key between them if `fresh_keys`."""

    port: int
    clients: int
    seconds: float
    requests: list[tuple[str, str]]
    fresh_keys: bool

    def lasting(self, seconds: float) -> "Job":
        return dataclasses.replace(self, seconds=seconds)


@dataclass(slots=True)
class Outcome:
    """`samples` holds the first body of each status, for a person to read."""

    seconds: float = 0.0
    cpu: float = 0.0
    latencies_us: list[int] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    samples: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Client:
    socket: socket.socket
    sent_ns: int = 0
    needed: int = -1  # bytes of the whole answer; -1: its head is not complete
    answer: bytes = b""


def message_maker(job: Job) -> Iterator[bytes]:
    """Requests picked at random, without end."""
    chance = random.Random()
    pairs = [(before.encode("latin-1"), after.encode("latin-1")) for before, after in job.requests]
    run = chance.getrandbits(64)
    for number in itertools.count():
        before, after = pairs[chance.randrange(len(pairs))]
        yield before + b"%016x-%08x" % (run, number) + after if job.fresh_keys else before + after


def drive(job: Job) -> Outcome:
    """Keep all clients busy for the job's seconds, then wait for the answers under way."""
    outcome = Outcome()
    clients = {client.socket.fileno(): client for client in (_connect(job.port) for _ in range(job.clients))}
    cpu, start = time.process_time_ns(), time.perf_counter_ns()
    _converse(job, clients, outcome, start + int(job.seconds * 1e9))
    outcome.seconds = (time.perf_counter_ns() - start) / 1e9
    outcome.cpu = (time.process_time_ns() - cpu) / 1e9
    for client in clients.values():
        client.socket.close()
    return outcome


def _converse(job: Job, clients: dict[int, Client], outcome: Outcome, stop_ns: int) -> None:
    """Each client sends, waits for its answer and sends again, until the time is over."""
    messages = message_maker(job)
    poll = select.poll()
    for descriptor, client in clients.items():
        poll.register(descriptor, select.POLLIN)
        _send(client, next(messages))
    waiting = len(clients)
    while waiting:
        ready = poll.poll(_STUCK_SECONDS * 1000)
        if not ready:
            raise TimeoutError(f"{waiting} requests have had no answer for {_STUCK_SECONDS:.0f} s.")
        for descriptor, _ in ready:
            client = clients[descriptor]
            if not _receive(client):
                continue
            now = time.perf_counter_ns()
            _record(outcome, client, now)
            if now < stop_ns:
                _send(client, next(messages))
            else:
                waiting -= 1


def _connect(port: int) -> Client:
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setblocking(False)
    return Client(connection)


def _send(client: Client, message: bytes) -> None:
    client.needed, client.answer = -1, b""
    client.sent_ns = time.perf_counter_ns()
    client.socket.sendall(message)


def _receive(client: Client) -> bool:
    """Take what has come; whether the answer is complete."""
    part = client.socket.recv(262_144)
    if not part:
        raise ConnectionError(f"The server closed a connection. It said: {client.answer[:500]!r}")
    client.answer += part
    if client.needed < 0:
        end = client.answer.find(b"\r\n\r\n")
        if end < 0:
            return False
        length = _LENGTH.search(client.answer, 0, end)
        if length is None:
            raise ConnectionError(f"An answer without Content-Length: {client.answer[:500]!r}")
        client.needed = end + 4 + int(length[1])
    return len(client.answer) >= client.needed


def _record(outcome: Outcome, client: Client, now: int) -> None:
    outcome.latencies_us.append((now - client.sent_ns) // 1000)
    status = client.answer[9:12].decode("ascii")
    if status not in outcome.statuses:
        outcome.statuses[status] = 0
        outcome.samples[status] = client.answer[-2000:].decode("utf-8", "replace")
    outcome.statuses[status] += 1


if __name__ == "__main__":
    json.dump(dataclasses.asdict(drive(Job(**json.load(sys.stdin)))), sys.stdout)
