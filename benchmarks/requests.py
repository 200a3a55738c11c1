"""Requests handed to the WSGI application in this process: everything but the web server's own work."""

import io
import json
import sys
from typing import Any

from benchmarks.run import BenchmarkError


def call(method: str, path: str, *, secret: str, body: object = None, key: str | None = None) -> Any:
    """The answer's JSON. Raises BenchmarkError unless it is a 2xx."""
    return json.loads(_content(method, path, secret, body, key))


def read(path: str, *, secret: str) -> tuple[bytes, Any]:
    """A GET's answer, as it was sent and as JSON. Raises BenchmarkError unless it is a 2xx."""
    content = _content("GET", path, secret, None, None)
    return content, json.loads(content)


def _content(method: str, path: str, secret: str, body: object, key: str | None) -> bytes:
    from config.wsgi import application

    statuses: list[str] = []

    def start(status: str, _headers: object, _error: object = None) -> None:
        statuses.append(status)

    sent = b"" if body is None else json.dumps(body).encode()
    answer = application(_environ(method, path, secret, sent, key), start)
    parts = b"".join(answer)
    answer.close()
    if not statuses[0].startswith("2"):
        raise BenchmarkError(f"{method} {path}: {statuses[0]} {parts[:2000]!r}")
    return parts


def _environ(method: str, path: str, secret: str, body: bytes, key: str | None) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_AUTHORIZATION": f"Api-Key {secret}",
        **({"HTTP_IDEMPOTENCY_KEY": key} if key else {}),
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
