"""Kontor's web server as `manage.py serve` starts it, and requests to it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.load import Job, Outcome
from benchmarks.run import BenchmarkError
from benchmarks.stage import PROJECT, Stage

START_SECONDS = 60.0
SLACK_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Web:
    """A running server; `pid` is the root of its processes."""

    pid: int
    port: int
    log: Path


@contextmanager
def serve(stage: Stage, workers: int | None = None) -> Iterator[Web]:
    """The server with its default workers, or so many, until the block ends."""
    port = _free_port()
    log = stage.home / "web.log"
    chosen = {} if workers is None else {"WEB_WORKERS": str(workers)}
    with log.open("ab") as output:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--host=127.0.0.1", f"--port={port}"],
            cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            env={**os.environ, **chosen},
        )  # fmt: skip
    try:
        _wait_until_listening(server, port, log)
        yield Web(server.pid, port, log)
    finally:
        server.terminate()
        server.wait(30)


def drive(web: Web, job: Job) -> Outcome:
    """Run the clients in a process of their own. Raises BenchmarkError on a 5xx or a broken connection."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"], cwd=PROJECT, input=json.dumps(asdict(job)), text=True,
        capture_output=True, check=False, timeout=job.seconds + SLACK_SECONDS,
    )  # fmt: skip
    if done.returncode:
        raise BenchmarkError(f"The clients failed:\n{done.stderr}\nThe web server's log ends:\n{_tail(web.log)}")
    outcome = Outcome(**json.loads(done.stdout))
    faults = {status: outcome.samples[status] for status in outcome.statuses if status >= "500"}
    if faults:
        raise BenchmarkError(f"The server failed: {faults}\nIts log ends:\n{_tail(web.log)}")
    return outcome


def request(method: str, path: str, *, secret: str, body: object = None) -> tuple[str, str]:
    """The text of a request; one with a body is cut where its Idempotency-Key belongs."""
    content = "" if body is None else json.dumps(body)
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Api-Key {secret}\r\n"
    if body is None:
        return head, "\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\nIdempotency-Key: "
    return head, f"\r\n\r\n{content}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_listening(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise BenchmarkError(f"The web server does not start:\n{_tail(log)}")


def _tail(log: Path) -> str:
    return log.read_text("utf-8", errors="replace")[-4000:]
