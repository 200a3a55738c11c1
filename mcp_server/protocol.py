"""The protocol's envelope: what a POST asks for, in either of two revisions, and how its answer is wrapped.

2025-11-25 (and before) begins with `initialize`; 2026-07-28 has no handshake, each request says all about itself in
`params._meta` and again in headers (modelcontextprotocol.io/specification). No sessions in either.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

STATELESS: Final = "2026-07-28"
WITH_HANDSHAKE: Final = ("2025-11-25", "2025-06-18", "2025-03-26")
SUPPORTED: Final = (STATELESS, *WITH_HANDSHAKE)

VERSION_HEADER: Final = "MCP-Protocol-Version"
_METHOD_HEADER: Final = "Mcp-Method"
_NAME_HEADER: Final = "Mcp-Name"
_VERSION_KEY: Final = "io.modelcontextprotocol/protocolVersion"
_CAPABILITIES_KEY: Final = "io.modelcontextprotocol/clientCapabilities"
_SERVER_KEY: Final = "io.modelcontextprotocol/serverInfo"

PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
METHOD_NOT_FOUND: Final = -32601
INVALID_PARAMS: Final = -32602
HEADER_MISMATCH: Final = -32020
UNSUPPORTED_VERSION: Final = -32022

_DEEPEST: Final = 100  # levels of JSON, far more than any tool takes


@dataclass(frozen=True, slots=True)
class Message:
    """One request or notification. `id` is None for a notification; `is_stateless` says which revision it speaks."""

    method: str
    params: Mapping[str, Any]
    id: str | int | None
    is_stateless: bool


class ProtocolFault(Exception):
    """The message breaks the protocol. `code` is JSON-RPC's or the protocol's own."""

    def __init__(self, code: int, message: str, *, message_id: Any = None, data: Any = None) -> None:
        super().__init__(message)
        self.code, self.message_id, self.data = code, message_id, data
        self.is_stateless = False

    @property
    def status(self) -> int:
        """The HTTP status: for a handshake's client an error within a request is an answer like any other."""
        if self.code in {PARSE_ERROR, INVALID_REQUEST, HEADER_MISMATCH, UNSUPPORTED_VERSION}:
            return 400
        if not self.is_stateless:
            return 200
        return 404 if self.code == METHOD_NOT_FOUND else 400

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"code": self.code, "message": str(self)}
        if self.data is not None:
            error["data"] = self.data
        return {"jsonrpc": "2.0", "id": self.message_id, "error": error}


def read_message(body: bytes, headers: Mapping[str, str]) -> Message:
    """What was sent. Raises ProtocolFault for what is no single request or notification, or contradicts its headers."""
    sent = _parse(body)
    message_id = _id_of(sent)
    version = headers.get(VERSION_HEADER)
    try:
        if version is not None and version not in SUPPORTED:
            raise ProtocolFault(
                UNSUPPORTED_VERSION,
                f"The protocol version {version[:40]!r} is not supported.",
                data={"supported": list(SUPPORTED), "requested": version[:40]},
            )
        method, params = sent.get("method"), sent.get("params", {})
        if sent.get("jsonrpc") != "2.0" or not isinstance(method, str) or not isinstance(params, dict):
            raise ProtocolFault(INVALID_REQUEST, "Send one JSON-RPC 2.0 request or notification.")
        is_stateless = version == STATELESS
        if is_stateless and message_id is not None:
            _check_envelope(method, params, headers)
    except ProtocolFault as fault:
        fault.message_id, fault.is_stateless = message_id, version == STATELESS
        raise
    return Message(method, params, message_id, is_stateless)


def _parse(body: bytes) -> dict[str, Any]:
    try:
        sent = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ProtocolFault(PARSE_ERROR, "The body is not JSON.") from error
    if not isinstance(sent, dict):
        raise ProtocolFault(INVALID_REQUEST, "Send one JSON-RPC 2.0 request or notification; batches are not served.")
    if _is_deeper(sent, _DEEPEST):
        raise ProtocolFault(INVALID_REQUEST, f"The body has more than {_DEEPEST} levels.")
    return sent


def _is_deeper(value: Any, levels: int) -> bool:
    """By layers, not by calls: what is sent may have as many levels as it has bytes."""
    layer = [value]
    for _ in range(levels):
        layer = [
            inner
            for each in layer
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not layer:
            return False
    return True


def _id_of(sent: Mapping[str, Any]) -> str | int | None:
    if "id" not in sent:
        return None
    found = sent["id"]
    if isinstance(found, bool) or not isinstance(found, str | int) or len(str(found)) > 200:
        raise ProtocolFault(INVALID_REQUEST, "The id of a request is a text or a whole number.")
    return found


def _check_envelope(method: str, params: Mapping[str, Any], headers: Mapping[str, str]) -> None:
    """2026-07-28: `_meta` says version and capabilities, and the headers say the same as the body."""
    meta = params.get("_meta")
    if not isinstance(meta, dict) or _VERSION_KEY not in meta or _CAPABILITIES_KEY not in meta:
        raise ProtocolFault(INVALID_PARAMS, f"params._meta must have {_VERSION_KEY} and {_CAPABILITIES_KEY}.")
    if meta[_VERSION_KEY] != headers.get(VERSION_HEADER):
        raise ProtocolFault(HEADER_MISMATCH, f"The header {VERSION_HEADER} differs from the body.")
    if headers.get(_METHOD_HEADER) != method:
        raise ProtocolFault(HEADER_MISMATCH, f"The header {_METHOD_HEADER} differs from the body.")
    named = params.get("name") if method == "tools/call" else None
    if named is not None and _decoded(headers.get(_NAME_HEADER)) != named:
        raise ProtocolFault(HEADER_MISMATCH, f"The header {_NAME_HEADER} differs from the body.")


def _decoded(value: str | None) -> str | None:
    """A header's value that may be wrapped as `=?base64?…?=`."""
    if value is None or not (value.startswith("=?base64?") and value.endswith("?=")):
        return value
    try:
        return base64.b64decode(value[9:-2], validate=True).decode()
    except ValueError:  # no base64, no ASCII, or no UTF-8
        return None


def wrap_result(message: Message, result: dict[str, Any], *, server: Mapping[str, str]) -> dict[str, Any]:
    """The answer to a request, as its revision wants it."""
    if message.is_stateless:
        result = {"resultType": "complete", **result, "_meta": {_SERVER_KEY: dict(server)}}
        if message.method in {"tools/list", "server/discover"}:
            result |= {"ttlMs": 0, "cacheScope": "private"}
    return {"jsonrpc": "2.0", "id": message.id, "result": result}
