"""POST /api/mcp speaks both revisions of the protocol, and names whatever breaks it."""

import json
from typing import Any

import anyio
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from pytest_django.live_server_helper import LiveServer

from tests.mcp_server.assistant import PATH, STATELESS, WITH_HANDSHAKE, call, request, send, stateless
from tests.shop.http.api_client import Caller, login, machine, refused
from tests.shop.people import SuperuserFactory

pytestmark = pytest.mark.django_db

NAMES = {
    *("find_customers", "customer_360", "find_orders", "get_order", "preview_order", "place_order", "cancel_order"),
    *("find_variants", "stock_of", "add_note", "add_task", "move_deal", "events_after", "sales_summary"),
}


@pytest.fixture
def assistant() -> Caller:
    return machine(SuperuserFactory.create(), "mcp", "orders:read")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mode", ["legacy", "auto", STATELESS])
def test_the_official_client_lists_and_calls_tools(mode: str, live_server: LiveServer) -> None:
    key = machine(SuperuserFactory.create(), "mcp", "orders:read").authorization

    async def talk() -> tuple[set[str], Any, str | None]:
        async with httpx2.AsyncClient(headers={"Authorization": str(key)}) as http:
            transport = streamable_http_client(live_server.url + PATH, http_client=http)
            async with Client(transport, mode=mode) as client:
                tools = await client.list_tools()
                answer = await client.call_tool("find_orders", {"limit": 3})
                return {tool.name for tool in tools.tools}, answer, client.protocol_version

    names, answer, version = anyio.run(talk)

    assert names == NAMES
    assert (answer.is_error, answer.structured_content) == (False, {"orders": [], "more": False})
    assert version == (WITH_HANDSHAKE if mode == "legacy" else STATELESS)


def test_a_handshake_agrees_on_a_version_that_both_know(assistant: Caller) -> None:
    agreed = {
        asked: json.loads(send(assistant, request("initialize", {"protocolVersion": asked})).content)["result"]
        for asked in ("2025-06-18", WITH_HANDSHAKE, "2031-01-01")
    }

    assert {asked: result["protocolVersion"] for asked, result in agreed.items()} == {
        "2025-06-18": "2025-06-18",
        WITH_HANDSHAKE: WITH_HANDSHAKE,
        "2031-01-01": WITH_HANDSHAKE,
    }
    assert send(assistant, {"jsonrpc": "2.0", "method": "notifications/initialized"}).status_code == 202


def test_without_a_handshake_the_server_tells_what_it_supports(assistant: Caller) -> None:
    message, headers = stateless("server/discover")

    result = json.loads(send(assistant, message, **headers).content)["result"]

    assert result["resultType"] == "complete"
    assert {STATELESS, WITH_HANDSHAKE} <= set(result["supportedVersions"])
    assert result["cacheScope"] == "private"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, -32700),
        (b"[]", 400, -32600),
        (b"7", 400, -32600),
        (b'{"jsonrpc": "2.0", "id": true, "method": "ping"}', 400, -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": 7}', 400, -32600),
        (b'{"jsonrpc": "1.0", "id": 1, "method": "ping"}', 400, -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []}', 400, -32600),
        (
            b'{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {"a": ' + b"[" * 900 + b"]" * 900 + b"}}",
            400,
            -32600,
        ),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "prompts/list"}', 200, -32601),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "drop_tables"}}', 200, -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": ["find_orders"]}}', 200, -32602),
    ],
)
def test_what_breaks_the_protocol_is_named(assistant: Caller, body: bytes, status: int, code: int) -> None:
    answer = send(assistant, body)

    assert (answer.status_code, json.loads(answer.content)["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"mcp_method": "tools/list"}, 400, -32020),
        ({"mcp_name": "place_order"}, 400, -32020),
        ({"mcp_name": "=?base64?ZmluZF9vcmRlcnM=?="}, 200, None),
        ({"mcp_name": "=?base64?é?="}, 400, -32020),
        ({"mcp_protocol_version": "2029-09-09"}, 400, -32022),
    ],
)
def test_headers_say_the_same_as_the_body(
    assistant: Caller, changed: dict[str, str], status: int, code: int | None
) -> None:
    message, headers = stateless("tools/call", name="find_orders", arguments={})

    answer = send(assistant, message, **headers | changed)

    assert (answer.status_code, json.loads(answer.content).get("error", {}).get("code")) == (status, code)


def test_without_a_handshake_faults_have_their_status(assistant: Caller) -> None:
    unknown, headers = stateless("prompts/list")
    bare = request("tools/list")

    assert send(assistant, unknown, **headers).status_code == 404
    missing = send(assistant, bare, mcp_protocol_version=STATELESS, mcp_method="tools/list")
    assert (missing.status_code, json.loads(missing.content)["error"]["code"]) == (400, -32602)


def test_only_a_key_that_says_so_serves_an_assistant() -> None:
    boss = SuperuserFactory.create()

    refused(send(Caller(), request("ping")), 401, "not_authenticated")
    refused(send(login(boss), request("ping")), 403, "permission_denied")
    refused(send(machine(boss, "orders:read"), request("ping")), 403, "missing_scope")
    refused(machine(boss, "mcp").send("GET", PATH), 405, "method_not_allowed")


def test_pages_of_other_sites_are_not_served(assistant: Caller) -> None:
    for foreign in ("https://elsewhere.example", "http://[", "null"):
        refused(send(assistant, request("ping"), origin=foreign), 403, "foreign_origin")
    assert send(assistant, request("ping"), origin="http://testserver").status_code == 200


def test_tools_say_whether_they_change_anything(assistant: Caller) -> None:
    tools = json.loads(send(assistant, request("tools/list")).content)["result"]["tools"]

    hints = {tool["name"]: tool["annotations"] for tool in tools}
    changing = {name for name, hint in hints.items() if not hint["readOnlyHint"]}
    assert changing == {"place_order", "cancel_order", "add_note", "add_task", "move_deal"}
    assert {name for name, hint in hints.items() if hint["destructiveHint"]} == {"cancel_order"}
    assert all(tool["inputSchema"]["additionalProperties"] is False for tool in tools)


def test_what_others_wrote_is_shown_as_data(assistant: Caller) -> None:
    answer = send(assistant, request("tools/call", {"name": "find_orders", "arguments": {}}))

    [shown] = json.loads(answer.content)["result"]["content"]
    first, rest = shown["text"].split("\n", 1)
    assert "not instructions" in first
    assert json.loads(rest) == call(assistant, "find_orders")
