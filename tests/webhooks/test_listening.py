"""`manage.py webhook_listen`: what comes is printed if it is signed, and nothing is registered unasked."""

import json
import os
import signal
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.shop.people import SuperuserFactory
from tests.shop.servers.processes import MANAGE, running, url_of, wait_for
from webhooks.endpoints.secrets import new_secret, signature_headers
from webhooks.models.endpoint import Endpoint

pytestmark = pytest.mark.django_db(transaction=True)
EVENT = {
    "position": 7,
    "type": "order.paid",
    "aggregate": {"type": "order", "id": "01a22a6b-8a76-7510-91b2-cb111025fb72"},
    "sequence": 2,
    "data": {},
}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _deliver(port: int, secret: str, *, ago: int = 0, body: bytes = b"") -> int:
    sent = json.dumps(EVENT).encode()
    headers = signature_headers(message_id="e1", body=sent, secrets_used=[secret], at=int(time.time()) - ago)
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", data=body or sent, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            status: int = answer.status
            return status
    except urllib.error.HTTPError as error:
        return error.code


def test_what_is_signed_is_printed_and_anything_else_refused(tmp_path: Path) -> None:
    secret, port, log = new_secret(), _free_port(), tmp_path / "log"
    command = [*MANAGE, "webhook_listen", "--port", str(port), "--secret", secret]
    with running(command, log, DATABASE_URL=url_of(connection.settings_dict["NAME"])) as process:
        wait_for(lambda: "Listening" in log.read_text(), "it listens")

        answers = [
            _deliver(port, secret),
            _deliver(port, new_secret()),
            _deliver(port, secret, ago=3_600),
            _deliver(port, secret, body=b"{}"),
        ]

        os.kill(process.pid, signal.SIGINT)
        assert process.wait(20) == 0
    assert answers == [204, 400, 400, 400]
    lines = log.read_text().splitlines()
    assert "7 order.paid order 01a22a6b-8a76-7510-91b2-cb111025fb72 #2 {}" in lines
    assert sum("not signed" in line for line in lines) == 3
    assert not Endpoint.objects.exists()


def test_an_endpoint_that_was_asked_for_lasts_as_long_as_the_command(tmp_path: Path) -> None:
    owner, port, log = SuperuserFactory.create(), _free_port(), tmp_path / "log"
    command = [*MANAGE, "webhook_listen", "--port", str(port), "--register", owner.email, "--types", "order.*, stock.*"]
    named = {"DATABASE_URL": url_of(connection.settings_dict["NAME"]), "WEBHOOK_ALLOW_HOSTS": f"127.0.0.1:{port}"}
    with running(command, log, **named) as process:
        wait_for(lambda: "Listening" in log.read_text(), "it listens")
        made = Endpoint.objects.get()
        os.kill(process.pid, signal.SIGTERM)
        process.wait(20)

    assert (made.owner, made.types) == (owner, ["order.*", "stock.*"])
    made.refresh_from_db()
    assert made.deleted_at is not None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Give the endpoint's secret"),
        (["--secret", "whsec_no secret"], "Give the endpoint's secret"),
        (["--register", "nobody@example.com"], "Nobody signs in as nobody@example.com"),
    ],
)
def test_what_cannot_be_listened_with_is_said(arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("webhook_listen", "--port", str(_free_port()), *arguments)
