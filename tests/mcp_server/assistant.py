"""An assistant at /api/mcp: plain messages, or the protocol's official client."""

import json
from typing import Any

from tests.shop.http.answer import Answer
from tests.shop.http.api_client import Caller

PATH = "/api/mcp"
STATELESS = "2026-07-28"
WITH_HANDSHAKE = "2025-11-25"
_META = "io.modelcontextprotocol/"


def send(caller: Caller, message: Any, **headers: str) -> Answer:
    """POST the message, whatever it is."""
    spelled = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return caller.send("POST", PATH, message, headers={"Accept": "application/json, text/event-stream", **spelled})


def request(method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """A request as a client with a handshake sends it."""
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}


def stateless(method: str, **params: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """A request without a handshake, and its headers."""
    meta = {f"{_META}protocolVersion": STATELESS, f"{_META}clientCapabilities": {}}
    headers = {"mcp_protocol_version": STATELESS, "mcp_method": method}
    if "name" in params:
        headers["mcp_name"] = params["name"]
    return request(method, {**params, "_meta": meta}), headers


def call(caller: Caller, tool: str, **arguments: Any) -> dict[str, Any]:
    """What the tool answers, as an object."""
    result = result_of(caller, tool, **arguments)
    assert result["isError"] is False, result
    content: dict[str, Any] = result["structuredContent"]
    return content


def problem_of(caller: Caller, tool: str, **arguments: Any) -> dict[str, Any]:
    """Why the tool does not."""
    result = result_of(caller, tool, **arguments)
    assert result["isError"] is True, result
    content: dict[str, Any] = result["structuredContent"]
    return content


def result_of(caller: Caller, tool: str, **arguments: Any) -> dict[str, Any]:
    answer = send(caller, request("tools/call", {"name": tool, "arguments": arguments}))
    assert answer.status_code == 200, answer.content
    result: dict[str, Any] = json.loads(answer.content)["result"]
    return result
