"""localstripe in a process of its own, and what a payer and the shop's staff do there by themselves."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from payments.models.payment_intent import PaymentIntent
from tests.payments.stripe_orders import SECRET

Record = dict[str, Any]


class LocalStripe:
    """`url` is where its API lives."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def ask(self, path: str, form: Record | None = None) -> Record:
        """POST with a form, GET without; its answer, whatever it is."""
        body = None if form is None else urlencode(form).encode()
        try:
            request = Request(f"{self.url}/v1/{path}", body, {"Authorization": "Bearer sk_test_1"})
            with urlopen(request, timeout=20) as answer:
                found: Record = json.load(answer)
        except HTTPError as error:
            found = json.load(error)
        return found

    def pays(self, intent: PaymentIntent, card: str) -> Record:
        """An intent as our provider would have begun it, and a payer who confirms it with that card."""
        facts = {"card[number]": card, "card[exp_month]": 12, "card[exp_year]": 2040, "card[cvc]": 123}
        method = self.ask("payment_methods", {"type": "card", **facts})
        wanted = {"amount": int(intent.amount * 100), "currency": intent.currency.lower()}
        wanted |= {"capture_method": "automatic", "metadata[kontor_intent]": str(intent.pk)}
        made = self.ask("payment_intents", {**wanted, "payment_method": method["id"]})
        self.ask(f"payment_intents/{made['id']}/confirm", {})
        return self.ask(f"payment_intents/{made['id']}")


@pytest.fixture
def localstripe(settings: Any, tmp_path: Any) -> Iterator[LocalStripe]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"]
    with (tmp_path / "localstripe.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_1", SECRET
    settings.STRIPE_API_BASE = f"http://127.0.0.1:{port}"
    try:
        _wait_for(port, process)
        yield LocalStripe(port)
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with socket.socket() as link:
            if link.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("localstripe did not start")
