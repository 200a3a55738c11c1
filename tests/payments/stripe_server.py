"""A server that speaks enough of Stripe's protocol for its own library: form bodies, idempotency keys, errors, and the
life of an intent as https://docs.stripe.com/payments/paymentintents/lifecycle tells it.

It is not Stripe: docs/payments.md says what is unproven.
"""

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Record = dict[str, Any]


class StripeServer(ThreadingHTTPServer):
    """`requests` has every call as it came: method, path, key, form."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.intents: dict[str, Record] = {}
        self.refunds: dict[str, Record] = {}
        self.requests: list[tuple[str, str, str | None, dict[str, str]]] = []
        self.answers: dict[str, tuple[int, Record]] = {}
        self.breaks_next: int | None = None
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    @contextmanager
    def open(self) -> Iterator["StripeServer"]:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield self
        finally:
            self.shutdown()
            self.server_close()

    def payer_confirms(self, intent_id: str) -> Record:
        """What Stripe.js does on the shop's page."""
        intent = self.intents[intent_id]
        if intent["capture_method"] == "manual":
            intent |= {"status": "requires_capture", "amount_capturable": intent["amount"]}
        else:
            intent |= {"status": "succeeded", "amount_received": intent["amount"]}
        return intent

    def payer_is_declined(self, intent_id: str) -> Record:
        intent = self.intents[intent_id]
        intent |= {"status": "requires_payment_method", "last_payment_error": {"message": "Your card was declined."}}
        return intent

    def refund_in_dashboard(self, intent_id: str, amount: int) -> Record:
        """Without asking whoever uses the API."""
        name = f"re_{uuid.uuid4().hex}"
        self.refunds[name] = {
            "id": name,
            "object": "refund",
            "amount": amount,
            "currency": self.intents[intent_id]["currency"],
            "payment_intent": intent_id,
            "metadata": {},
            "created": int(time.time()),
            "status": "succeeded",
        }
        return self.refunds[name]

    def charge_of(self, intent_id: str) -> Record:
        """With how much of it went back in all."""
        made = [
            row for row in self.refunds.values() if row["payment_intent"] == intent_id and row["status"] != "failed"
        ]
        return {
            "id": "ch_1",
            "object": "charge",
            "amount_refunded": sum(row["amount"] for row in made),
            "currency": self.intents[intent_id]["currency"],
            "payment_intent": intent_id,
        }


def event(kind: str, subject: Record) -> bytes:
    body = {"id": f"evt_{uuid.uuid4().hex}", "object": "event", "type": kind, "data": {"object": subject}}
    return json.dumps(body).encode()


class _No(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"type": "invalid_request_error", "code": code, "message": message}


class _Handler(BaseHTTPRequestHandler):
    server: StripeServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._serve("GET", {})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self._serve("POST", {name: values[0] for name, values in parse_qs(raw, keep_blank_values=True).items()})

    def _serve(self, method: str, form: dict[str, str]) -> None:
        path, key = urlsplit(self.path).path, self.headers.get("Idempotency-Key")
        self.server.requests.append((method, path, key, form))
        if self.headers.get("Authorization") != "Bearer sk_test_1":
            return self._answer(401, {"error": {"type": "invalid_request_error", "message": "Invalid API Key."}})
        if key in self.server.answers:
            return self._answer(*self.server.answers[key])
        try:
            status, answer = 200, self._do(method, path.removeprefix("/v1/").split("/"), form)
        except _No as refusal:
            status, answer = refusal.status, {"error": refusal.error}
        if key is not None and method == "POST":
            self.server.answers[key] = status, json.loads(json.dumps(answer))
        if self.server.breaks_next is not None:
            status, self.server.breaks_next = self.server.breaks_next, None
            answer = {"error": {"type": "api_error", "message": "Something broke."}}
        return self._answer(status, answer)

    def _do(self, method: str, place: list[str], form: dict[str, str]) -> Record:
        match method, place:
            case "POST", ["payment_intents"]:
                return self._create(form)
            case "GET", ["payment_intents"]:
                made = self._created(self.server.intents)
                return {"object": "list", "url": "/v1/payment_intents", "has_more": False, "data": made}
            case "GET", ["payment_intents", name]:
                return self.server.intents[name]
            case "POST", ["payment_intents", name, "capture"]:
                return self._capture(self.server.intents[name], int(form["amount_to_capture"]))
            case "POST", ["payment_intents", name, "cancel"]:
                intent = self.server.intents[name]
                if intent["status"] in {"succeeded", "canceled"}:
                    raise _No(400, "payment_intent_unexpected_state", f"This intent is {intent['status']}.")
                intent |= {"status": "canceled", "amount_capturable": 0}
                return intent
            case "POST", ["refunds"]:
                return self._refund(form)
            case "GET", ["refunds"]:
                named = parse_qs(urlsplit(self.path).query).get("payment_intent")
                made = [
                    row for row in self._created(self.server.refunds) if not named or row["payment_intent"] == named[0]
                ]
                return {"object": "list", "url": "/v1/refunds", "has_more": False, "data": made}
        raise _No(404, "resource_missing", f"Unrecognized request URL {place}.")

    def _created(self, rows: dict[str, Record]) -> list[Record]:
        since = parse_qs(urlsplit(self.path).query).get("created[gte]", ["0"])
        return [row for row in rows.values() if row["created"] >= int(since[0])]

    def _create(self, form: dict[str, str]) -> Record:
        if form.get("payment_method_types[0]") == "never_heard_of":
            raise _No(400, "", "The payment method type is invalid.")
        name = f"pi_{uuid.uuid4().hex}"
        self.server.intents[name] = {
            "id": name,
            "object": "payment_intent",
            "amount": int(form["amount"]),
            "amount_capturable": 0,
            "amount_received": 0,
            "currency": form["currency"],
            "capture_method": form["capture_method"],
            "client_secret": f"{name}_secret_1",
            "created": int(time.time()),
            "last_payment_error": None,
            "metadata": {key[9:-1]: value for key, value in form.items() if key.startswith("metadata[")},
            "next_action": None,
            "status": "requires_payment_method",
        }
        return self.server.intents[name]

    def _capture(self, intent: Record, amount: int) -> Record:
        if intent["status"] != "requires_capture":
            raise _No(400, "payment_intent_unexpected_state", f"This intent is {intent['status']}.")
        intent |= {"status": "succeeded", "amount_received": amount, "amount_capturable": 0}
        return intent

    def _refund(self, form: dict[str, str]) -> Record:
        intent, amount = self.server.intents[form["payment_intent"]], int(form["amount"])
        given = sum(refund["amount"] for refund in self.server.refunds.values() if refund["status"] != "failed")
        if amount > intent["amount_received"] - given:
            raise _No(400, "charge_already_refunded", "Refund amount is greater than unrefunded amount on charge.")
        name = f"re_{uuid.uuid4().hex}"
        metadata = {key[9:-1]: value for key, value in form.items() if key.startswith("metadata[")}
        self.server.refunds[name] = {
            "id": name,
            "object": "refund",
            "amount": amount,
            "currency": intent["currency"],
            "payment_intent": intent["id"],
            "metadata": metadata,
            "created": int(time.time()),
            "status": "pending",
        }
        return self.server.refunds[name]

    def _answer(self, status: int, answer: Record) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Request-Id", f"req_{uuid.uuid4().hex}")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
