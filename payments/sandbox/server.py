"""The sandbox's HTTP: a small payment provider with idempotency keys, bad days included."""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from payments.sandbox.books import Books, No, Record, ends_in, money

SLOW_SECONDS = 3.0
# Amounts that end so make the answer, not the deed, go wrong.
DROPPED, BROKEN, SLOW = 92, 93, 94


class SandboxServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], books: Books) -> None:
        super().__init__(address, _Handler)
        self.books = books

    @property
    def url(self) -> str:
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: SandboxServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Its books say it all."""

    def do_GET(self) -> None:
        place = self._path_steps()
        try:
            if place == ["books"]:
                return self._answer_json(200, self.server.books.everything())
            if len(place) == 2 and place[0] == "intents":
                return self._answer_json(200, self._shown_intent(self.server.books.intent(place[1])))
            if len(place) == 3 and place[0] == "intents" and place[2] == "refunds":
                made = self.server.books.everything()["refunds"]
                return self._answer_json(200, {"refunds": [row for row in made if row["intent"] == place[1]]})
            if len(place) == 2 and place[0] == "pay":
                return self._write_page(self.server.books.intent(place[1]))
        except No as refusal:
            return self._answer_json(refusal.status, {"error": refusal.why})
        return self._answer_json(404, {"error": "nothing here"})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            # The buttons of the payer's page send a form, which says nothing that its path does not.
            body = json.loads(raw) if raw.startswith(b"{") else {}
            status, answer = self._do_request(self._path_steps(), body)
        except No as refusal:
            status, answer = refusal.status, {"error": refusal.why}
        except (ValueError, KeyError, TypeError) as error:
            status, answer = 400, {"error": f"{type(error).__name__}: {error}"}
        # A refusal always arrives: what may be lost on its way is the answer to something that was done.
        self._answer_or_not(body if status == 200 else {}, status, answer)

    def _do_request(self, place: list[str], body: Record) -> tuple[int, Record]:
        books = self.server.books
        if len(place) == 3 and place[0] == "intents" and place[2] == "pay":
            return 200, self._shown_intent(books.change(lambda: books.pay(place[1], body.get("amount"))))
        if len(place) == 3 and place[0] == "intents" and place[2] == "decline":
            return 200, self._shown_intent(books.change(lambda: books.decline(place[1])))
        # Behind the payer's own requests: a browser sends no key.
        key = self.headers.get("Idempotency-Key")
        if not key:
            raise No(400, "an Idempotency-Key is needed")
        question = json.dumps([place, body], sort_keys=True)
        match place:
            case ["intents"]:
                status, answer = books.once(key, question, lambda: books.create(body))
            case ["intents", intent_id, "capture"]:
                status, answer = books.once(key, question, lambda: books.capture(intent_id, body["amount"]))
            case ["intents", intent_id, "void"]:
                status, answer = books.once(key, question, lambda: books.void(intent_id))
            case ["refunds"]:
                status, answer = books.once(
                    key, question, lambda: books.refund(body["intent"], body["amount"], body.get("metadata", {}))
                )
                return status, answer
            case _:
                raise No(404, "nothing here")
        return status, self._shown_intent(answer) if status == 200 else answer

    def _answer_or_not(self, body: Record, status: int, answer: Record) -> None:
        """By the amount that was asked for: the deed is done, but what does the caller hear of it?"""
        amount = money(body["amount"]) if "amount" in body else None
        if amount is not None and ends_in(amount, SLOW):
            time.sleep(SLOW_SECONDS)
        if amount is not None and ends_in(amount, DROPPED):
            # Committed above: from the caller's side this is what a network that fails at the worst moment looks like.
            self.close_connection = True
            self.connection.close()
            return
        if amount is not None and ends_in(amount, BROKEN):
            status, answer = 500, {"error": "something broke"}
        self._answer_json(status, answer)

    def _shown_intent(self, intent: Record) -> Record:
        waits = intent["status"] == "requires_action"
        return {**intent, "action_url": f"{self.server.url}/pay/{intent['id']}" if waits else ""}

    def _write_page(self, intent: Record) -> None:
        forms = "".join(
            f'<form method="post" action="/intents/{intent["id"]}/{what}"><button>{what}</button></form>'
            for what in ("pay", "decline")
        )
        text = f"<!doctype html><title>Sandbox</title><h1>{intent['amount']} {intent['currency']}</h1>{forms}"
        self._write_response(200, text.encode(), "text/html; charset=utf-8")

    def _answer_json(self, status: int, answer: Record) -> None:
        self._write_response(status, json.dumps(answer).encode(), "application/json")

    def _write_response(self, status: int, content: bytes, kind: str) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:  # whoever asked is gone
            self.close_connection = True

    def _path_steps(self) -> list[str]:
        return [step for step in urlsplit(self.path).path.split("/") if step]
