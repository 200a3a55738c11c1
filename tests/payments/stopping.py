"""Stopping a process of ours where it hurts: at a statement, on the way to the provider, on the way back; then kill -9.

Nothing in the code under test knows of it: the database waits in a trigger that the test makes, and the network waits
in a proxy between Kontor and the provider.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import psutil
from django.conf import settings
from django.db import connection

from tests.shop.servers.processes import url_of, wait_for
from tests.shop.servers.sandbox import SECRET

_LOCK = 47_110_815


class Forker:
    """Starts calls in processes of their own, within milliseconds."""

    def __init__(self) -> None:
        database = str(connection.settings_dict["NAME"])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.payments.fork_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": url_of(database)},
        )

    def start(self, call: str, url: str, **arguments: Any) -> psutil.Process:
        wanted = {
            "call": call,
            "settings": {"SANDBOX_PROVIDER_URL": url, "SANDBOX_WEBHOOK_SECRET": SECRET},
            "arguments": {name: str(value) if name.endswith("_id") else value for name, value in arguments.items()},
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        return psutil.Process(int(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


def kill(process: psutil.Process) -> None:
    """As the kernel does when memory is short: no farewell."""
    process.send_signal(signal.SIGKILL)
    wait_for(lambda: not process.is_running(), "it is dead", 10)


@contextmanager
def stopping_at(table: str, event: str, condition: str) -> Iterator["Stop"]:
    """Whoever does that to a row of the table waits inside the statement, before it has happened."""
    _run(
        "CREATE OR REPLACE FUNCTION stop_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" PERFORM pg_advisory_lock_shared({_LOCK}); RETURN NEW; END $$"
    )
    _run(
        f"CREATE TRIGGER stop_here BEFORE {event} ON {table} FOR EACH ROW WHEN ({condition})"
        " EXECUTE FUNCTION stop_here()"
    )
    _run(f"SELECT pg_advisory_lock({_LOCK})")
    try:
        yield Stop()
    finally:
        _run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'advisory'")
        _run(f"DROP TRIGGER stop_here ON {table}")
        _run("DROP FUNCTION stop_here")
        _run(f"SELECT pg_advisory_unlock({_LOCK})")


class Stop:
    """Where a process waits in the database."""

    def wait_until_reached(self) -> None:
        wait_for(lambda: _count("wait_event = 'advisory'") > 0, "a process stands in the trigger", 20)


def _count(condition: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND {condition}")
        return int(cursor.fetchone()[0])


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


class Wire(ThreadingHTTPServer):
    """A proxy that holds what passes: `held` is "request" (the provider hears nothing), "answer" (Kontor hears nothing)
    or "" (all passes)."""

    daemon_threads = True

    def __init__(self, target: str, held: str) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.target, self.held = urlsplit(target), held
        self.reached = threading.Event()
        self.released = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    @contextmanager
    def open(self) -> Iterator["Wire"]:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield self
        finally:
            self.released.set()
            self.shutdown()
            self.server_close()

    def wait_until_reached(self) -> None:
        assert self.reached.wait(20)


class _Passing(BaseHTTPRequestHandler):
    server: Wire
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.server.held == "request":
            return self._hold()
        link = HTTPConnection(self.server.target.hostname or "", self.server.target.port, timeout=10)
        link.request("POST", self.path, body, {"Idempotency-Key": self.headers["Idempotency-Key"]})
        answer = link.getresponse()
        content = answer.read()
        link.close()
        if self.server.held == "answer":
            return self._hold()
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        return None

    def _hold(self) -> None:
        self.server.reached.set()
        self.server.released.wait(20)
        self.close_connection = True
