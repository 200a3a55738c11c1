"""The sandbox's own books: what it was asked, what it did, what it told. SQLite, so that they outlive its process.

Nothing here knows Kontor's database: tests compare the two.
"""

import json
import sqlite3
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

Record = dict[str, Any]
_TABLES = """
CREATE TABLE IF NOT EXISTS intent (id TEXT PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS refund (id TEXT PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS asked (key TEXT PRIMARY KEY, question TEXT NOT NULL, status INTEGER, answer TEXT);
CREATE TABLE IF NOT EXISTS event (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, body TEXT NOT NULL,
                                  deliveries INTEGER NOT NULL DEFAULT 0);
"""


class No(Exception):
    """A refusal: status and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


class Books:
    """One file, one writer at a time."""

    def __init__(self, path: Path) -> None:
        # Reentrant: work that runs under it reads the books through methods that lock, too.
        self._lock = threading.RLock()
        self._link = sqlite3.connect(path, check_same_thread=False)
        self._link.executescript(_TABLES)

    def close(self) -> None:
        self._link.close()

    def once(self, key: str, question: str, work: Callable[[], Record]) -> tuple[int, Record]:
        """Do the work and remember the answer with it, in one transaction; for a known key only answer again."""
        with self._lock, self._link:
            row = self._link.execute("SELECT question, status, answer FROM asked WHERE key = ?", [key]).fetchone()
            if row is not None:
                if row[0] != question:
                    return 409, {"error": "this key was used for another question"}
                return row[1], json.loads(row[2])
            try:
                status, answer = 200, work()
            # Caught inside the transaction: a refusal is remembered under its key as well, as real providers do it.
            except No as refusal:
                status, answer = refusal.status, {"error": refusal.why}
            self._link.execute("INSERT INTO asked VALUES (?, ?, ?, ?)", [key, question, status, json.dumps(answer)])
            return status, answer

    def change(self, work: Callable[[], Record]) -> Record:
        """Do the work in one transaction."""
        with self._lock, self._link:
            return work()

    def create(self, wanted: Record) -> Record:
        """A new intent; its method and amount decide what becomes of it (docs/payments.md)."""
        amount = money(wanted["amount"])
        intent = {
            "id": f"si_{uuid.uuid4().hex}",
            "amount": str(amount),
            "currency": wanted["currency"],
            "method": wanted["method"],
            "capture": wanted["capture"],
            "status": "created",
            "authorised": "0",
            "captured": "0",
            "refunded": "0",
            "failure": "",
            "metadata": wanted.get("metadata", {}),
            "created": datetime.now(UTC).isoformat(),
        }
        self._save_intent(intent)
        self._add_event("intent.created", intent)
        if is_declined(intent):
            return self._fail_intent(intent, "The card was declined.")
        if wanted["method"] in {"card_3ds", "bank_transfer"}:
            return self._set_status(intent, "requires_action", "intent.requires_action")
        return self._authorise_intent(intent, amount)

    def pay(self, intent_id: str, amount: str | None) -> Record:
        """The payer approves; by bank transfer with any amount, and as often as they like."""
        intent = self.intent(intent_id)
        is_transfer = intent["method"] == "bank_transfer"
        if intent["status"] != "requires_action" and not is_transfer:
            raise No(409, f"the intent is {intent['status']}")
        sent = money(amount or intent["amount"])
        if not is_transfer:
            return self._authorise_intent(intent, sent)
        # Nobody authorises a transfer beforehand: what arrives is authorised and captured in one.
        intent["authorised"] = str(Decimal(intent["authorised"]) + sent)
        return self._capture_intent(intent, sent)

    def decline(self, intent_id: str) -> Record:
        intent = self.intent(intent_id)
        if intent["status"] != "requires_action":
            raise No(409, f"the intent is {intent['status']}")
        return self._fail_intent(intent, "The payer gave up.")

    def capture(self, intent_id: str, amount: str) -> Record:
        intent, wanted = self.intent(intent_id), money(amount)
        if intent["status"] not in {"authorised", "partially_captured"}:
            raise No(409, f"the intent is {intent['status']}")
        if wanted > Decimal(intent["authorised"]) - Decimal(intent["captured"]):
            raise No(409, "more than is authorised")
        return self._capture_intent(intent, wanted)

    def void(self, intent_id: str) -> Record:
        """What was captured stays; the rest will never be."""
        intent = self.intent(intent_id)
        if intent["status"] in {"captured", "failed", "voided"}:
            raise No(409, f"the intent is {intent['status']}")
        is_rest = Decimal(intent["captured"]) > 0
        return self._set_status(intent, "captured" if is_rest else "voided", "intent.voided")

    def refund(self, intent_id: str, amount: str, metadata: Record) -> Record:
        intent, wanted = self.intent(intent_id), money(amount)
        if wanted > Decimal(intent["captured"]) - Decimal(intent["refunded"]):
            raise No(409, "more than was captured")
        is_refused = ends_in(wanted, 95)
        refund = {
            "id": f"sr_{uuid.uuid4().hex}",
            "intent": intent_id,
            "amount": str(wanted),
            "currency": intent["currency"],
            "status": "failed" if is_refused else "done",
            "failure": "The account is closed." if is_refused else "",
            "metadata": metadata,
        }
        self._link.execute("INSERT INTO refund VALUES (?, ?)", [refund["id"], json.dumps(refund)])
        if not is_refused:
            intent["refunded"] = str(Decimal(intent["refunded"]) + wanted)
            self._save_intent(intent)
        self._add_event(f"refund.{refund['status']}", refund)
        return refund

    def refund_fails(self, refund_id: str) -> Record:
        """The payer's bank returns what was given back."""
        refund: Record = next(row for row in self.everything()["refunds"] if row["id"] == refund_id)
        refund |= {"status": "failed", "failure": "The account is closed."}
        self._link.execute("UPDATE refund SET record = ? WHERE id = ?", [json.dumps(refund), refund_id])
        intent = self.intent(refund["intent"])
        intent["refunded"] = str(Decimal(intent["refunded"]) - Decimal(refund["amount"]))
        self._save_intent(intent)
        self._add_event("refund.failed", refund)
        return refund

    def dispute(self, intent_id: str, amount: str, *, days: int = 7) -> Record:
        """The payer has the bank take the money back: it is gone until the dispute is won."""
        intent = self.intent(intent_id)
        dispute = {
            "id": f"sd_{uuid.uuid4().hex}",
            "intent": intent_id,
            "amount": str(money(amount)),
            "currency": intent["currency"],
            "status": "needs_response",
            "funds": "here",
            "reason": "fraudulent",
            "evidence_due_at": (datetime.now(UTC) + timedelta(days=days)).isoformat(),
        }
        self._add_event("dispute.created", dispute)
        self._add_event("dispute.funds_withdrawn", dispute | {"funds": "withdrawn"})
        return dispute

    def dispute_over(self, dispute: Record, *, won: bool) -> Record:
        """The bank has decided."""
        over = dispute | {"status": "won" if won else "lost", "funds": "reinstated" if won else "withdrawn"}
        self._add_event("dispute.closed", over)
        return over

    def intent(self, intent_id: str) -> Record:
        row = self._link.execute("SELECT record FROM intent WHERE id = ?", [intent_id]).fetchone()
        if row is None:
            raise No(404, "no such intent")
        found: Record = json.loads(row[0])
        return found

    def everything(self) -> Record:
        """All there is, for whoever compares."""
        with self._lock:
            return {
                "intents": [json.loads(row[0]) for row in self._link.execute("SELECT record FROM intent")],
                "refunds": [json.loads(row[0]) for row in self._link.execute("SELECT record FROM refund")],
                "events": [
                    {**json.loads(body), "deliveries": deliveries}
                    for body, deliveries in self._link.execute("SELECT body, deliveries FROM event ORDER BY seq")
                ],
            }

    def untold(self) -> list[tuple[str, str]]:
        """Events that nobody acknowledged: id and body, in the order in which they happened."""
        with self._lock:
            return self._link.execute("SELECT id, body FROM event WHERE deliveries = 0 ORDER BY seq").fetchall()

    def told(self, event_id: str) -> None:
        with self._lock, self._link:
            self._link.execute("UPDATE event SET deliveries = deliveries + 1 WHERE id = ?", [event_id])

    def _authorise_intent(self, intent: Record, amount: Decimal) -> Record:
        intent["authorised"] = str(amount)
        self._set_status(intent, "authorised", "intent.authorised")
        return self._capture_intent(intent, amount) if intent["capture"] == "automatic" else intent

    def _capture_intent(self, intent: Record, amount: Decimal) -> Record:
        captured = Decimal(intent["captured"]) + amount
        intent["captured"] = str(captured)
        is_all = captured >= Decimal(intent["amount"])
        return self._set_status(intent, "captured" if is_all else "partially_captured", "intent.captured")

    def _fail_intent(self, intent: Record, why: str) -> Record:
        intent["failure"] = why
        return self._set_status(intent, "failed", "intent.failed")

    def _set_status(self, intent: Record, status: str, event: str) -> Record:
        intent["status"] = status
        self._save_intent(intent)
        self._add_event(event, intent)
        return intent

    def _save_intent(self, intent: Record) -> None:
        self._link.execute("INSERT OR REPLACE INTO intent VALUES (?, ?)", [intent["id"], json.dumps(intent)])

    def _add_event(self, kind: str, subject: Record) -> None:
        event = {"id": f"se_{uuid.uuid4().hex}", "type": kind, "data": subject}
        self._link.execute("INSERT INTO event (id, body) VALUES (?, ?)", [event["id"], json.dumps(event)])


def money(text: object) -> Decimal:
    """Raises No."""
    try:
        amount = Decimal(str(text))
    except InvalidOperation:
        raise No(400, "that is no amount") from None
    if not amount.is_finite() or amount <= 0:
        raise No(400, "the amount must be above zero")
    return amount


def is_declined(intent: Record) -> bool:
    return intent["method"] == "card_declined" or ends_in(Decimal(intent["amount"]), 91)


def ends_in(amount: Decimal, hundredths: int) -> bool:
    """Whether the amount's decimals are these: the magic by which a caller chooses what happens."""
    return int(amount * 100) % 100 == hundredths
