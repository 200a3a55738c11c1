"""What tests of payments do with the sandbox provider and compare with its books."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import F, Sum
from django.test import Client

from orders.models.order import Order
from orders.models.payment import Payment
from payments.models.payment_intent import PaymentIntent
from payments.models.webhook_event import WebhookEvent, WebhookStatus
from payments.sandbox.books import Books
from payments.sandbox.server import SandboxServer
from payments.sandbox.signing import sign
from payments.services.create_intent import create_intent
from payments.services.process_webhook import process_webhook
from shared.actor import SYSTEM
from tests.shop.goods import make_level
from tests.shop.http.answer import Answer
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

SECRET = "whsec_" + base64.b64encode(b"play money, play secret").decode()
_CLIENT = Client()


@dataclass(frozen=True)
class Sandbox:
    """The provider's side."""

    books: Books
    url: str

    def events(self) -> list[dict[str, Any]]:
        """All that it has to tell, in the order in which it happened."""
        found = self.books.everything()["events"]
        return [{name: value for name, value in event.items() if name != "deliveries"} for event in found]

    def tell(self, event: dict[str, Any], **headers: str) -> Answer:
        """Send one webhook, signed."""
        body = json.dumps(event).encode()
        signed = sign(body, event_id=event["id"], timestamp=int(time.time()), secret=SECRET)
        return post_webhook("sandbox", body, **(signed | headers))

    def tell_all(self, *, process: bool = True) -> None:
        for event in self.events():
            assert self.tell(event).status_code == 200
        if process:
            process_stored()

    def payer(self, intent: PaymentIntent, what: str, **body: str) -> dict[str, Any]:
        """What the payer does on the provider's page: pay or decline."""
        intent.refresh_from_db()
        parts = urlsplit(self.url)
        link = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        link.request("POST", f"/intents/{intent.provider_id}/{what}", json.dumps(body))
        answer: dict[str, Any] = json.loads(link.getresponse().read())
        link.close()
        return answer

    def captured(self) -> Decimal:
        return sum((Decimal(intent["captured"]) for intent in self.books.everything()["intents"]), Decimal(0))

    def refunded(self) -> Decimal:
        return sum((Decimal(intent["refunded"]) for intent in self.books.everything()["intents"]), Decimal(0))


@contextmanager
def running_sandbox(folder: Path, settings: Any) -> Iterator[Sandbox]:
    """The provider, in a thread of this process, with new books; Kontor's settings name it meanwhile."""
    books = Books(folder / "sandbox.sqlite3")
    server = SandboxServer(("127.0.0.1", 0), books)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    settings.SANDBOX_PROVIDER_URL, settings.SANDBOX_WEBHOOK_SECRET = server.url, SECRET
    assert base64.b64decode(SECRET.removeprefix("whsec_"))
    yield Sandbox(books, server.url)
    server.shutdown()
    server.server_close()
    books.close()


def post_webhook(provider: str, body: bytes, **headers: str) -> Answer:
    return _CLIENT.generic(
        "POST", f"/api/v1/webhooks/{provider}", body, content_type="application/json", headers=headers
    )


def process_stored() -> None:
    """What the worker's jobs do."""
    stored = WebhookEvent.objects.filter(status=WebhookStatus.STORED).order_by("id")
    for webhook_id in list(stored.values_list("pk", flat=True)):
        process_webhook(webhook_id=webhook_id)


def an_order(total: str = "119.00", *, on_hand: int = 5) -> Order:
    """A pending order of one unit that costs that much, tax included."""
    level = make_level(on_hand=on_hand, price=total, tax_rate="0")
    return order_of(make_buyer(), (level, 1))


def begin(order: Order, method: str = "card", **how: Any) -> PaymentIntent:
    return create_intent(order_id=order.pk, actor=SYSTEM, provider="sandbox", method=method, **how).intent


def received(order: Order) -> Decimal:
    """What our books say came in for the order."""
    found: Decimal | None = Payment.objects.filter(order=order).aggregate(sum=Sum("amount"))["sum"]
    return found or Decimal(0)


def books_agree(sandbox: Sandbox) -> None:
    """Both sides tell of the same money: captured, recorded as payments, and given back."""
    theirs = {intent["id"]: Decimal(intent["captured"]) for intent in sandbox.books.everything()["intents"]}
    ours = dict(PaymentIntent.objects.filter(provider="sandbox").values_list("provider_id", "captured_amount"))
    assert {name: amount for name, amount in ours.items() if amount} == {
        name: amount for name, amount in theirs.items() if amount
    }
    recorded = Payment.objects.filter(provider="sandbox").values("intent_id").annotate(sum=Sum("amount"))
    by_intent: dict[UUID | None, Decimal] = {row["intent_id"]: row["sum"] for row in recorded.order_by()}
    assert by_intent == dict(PaymentIntent.objects.filter(captured_amount__gt=0).values_list("pk", "captured_amount"))
    given_back = Payment.objects.filter(provider="sandbox").aggregate(sum=Sum(F("refunded_amount")))["sum"]
    assert (given_back or Decimal(0)) >= sandbox.refunded()


def state(order: Order) -> tuple[str, str]:
    order.refresh_from_db()
    return order.status, order.payment_status
