"""What only a real server and a raw socket show: oversized, chunked and broken requests are answered, not dropped."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.shop.servers.processes import MANAGE, running, url_of, wait_for

MIB = 1024 * 1024


class Server:
    """Speaks HTTP/1.1 to a process of our own, one connection a request."""

    def __init__(self, port: int) -> None:
        self.port = port

    def listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def ask(self, request_line: str, *headers: str, body: bytes = b"") -> tuple[int, dict[str, Any]]:
        """Status and JSON body; the body may still be on its way when the answer comes."""
        head = "\r\n".join([f"{request_line} HTTP/1.1", "Host: localhost", "Connection: close", *headers, "", ""])
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as link:
            with suppress(BrokenPipeError, ConnectionResetError):  # it may answer before it has read everything
                link.sendall(head.encode() + body)
            answer = b""
            while part := link.recv(65_536):
                answer += part
        status = int(answer.split(b" ", 2)[1])
        return status, json.loads(answer[answer.index(b"{") : answer.rindex(b"}") + 1])


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server = Server(probe.getsockname()[1])
    database = url_of(connection.settings_dict["NAME"])
    command = [*MANAGE, "serve", "--port", str(server.port), "--workers", "1"]
    with running(command, tmp_path / "log", DATABASE_URL=database):
        wait_for(server.listens, f"the server listens: {tmp_path / 'log'}")
        yield server


def test_what_is_too_long_or_of_unknown_length_gets_its_answer(server: Server) -> None:
    post, json_type = "POST /api/v1/auth/token", "Content-Type: application/json"

    def post_bytes(size: int) -> tuple[int, str]:
        status, body = server.ask(post, json_type, f"Content-Length: {size}", body=b"x" * size)
        return status, body["code"]

    chunked = server.ask(post, json_type, "Transfer-Encoding: chunked", body=b"2\r\n{}\r\n0\r\n\r\n")

    assert post_bytes(MIB) == (400, "invalid")
    assert post_bytes(2 * MIB) == post_bytes(3 * MIB) == (413, "too_large")
    assert (chunked[0], chunked[1]["code"]) == (411, "length_required")
    assert server.ask("GET /api/v1/%ff%fe")[0] == 404
    assert server.ask("GET /api/v1/products?name=%ff")[0] == 400
    assert server.ask("GET /readyz/") == (
        200,
        {"status": "ready", "database": "ok", "migrations": "ok", "worker": "degraded"},
    )


def test_a_refusal_that_needs_no_body_still_reads_it(server: Server) -> None:
    """Else the server hangs up on a client that is still sending, or sends the next request on the connection."""
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as link:
        for path, status in [("/api/v1/nope", 404), ("/api/v1/orders", 401)] * 20:
            link.request("POST", path, b" " * 70_000, {"Content-Type": "application/json"})
            answer = link.getresponse()
            answer.read()

            assert (answer.status, answer.headers["Connection"]) == (status, None)
