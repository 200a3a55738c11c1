"""Requests to what runs on this machine, each with a connection of its own, as they come through a balancer."""

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any, Final

PATIENCE_SECONDS: Final = 60


@dataclass(frozen=True)
class Answer:
    """`status` 0: none came. `seconds`: until it came, or was given up."""

    status: int
    body: Any
    seconds: float


def ask(port: int, method: str, path: str, body: Any = None, **headers: str) -> Answer:
    began = time.monotonic()
    link = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    status, text = 0, ""
    try:
        content = json.dumps(body) if body is not None else None
        link.request(method, path, content, {"Content-Type": "application/json", **headers})
        answer = link.getresponse()
        status, text = answer.status, answer.read().decode()
    except (OSError, HTTPException):
        status = 0
    finally:
        link.close()
    seconds = time.monotonic() - began
    with suppress(ValueError):
        return Answer(status, json.loads(text), seconds)
    return Answer(status, text, seconds)
