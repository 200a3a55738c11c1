"""The local provider of `manage.py sandbox_provider`, over HTTP like any other."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from http.client import HTTPConnection, HTTPException
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from orders.states import DisputeFunds, DisputeStatus
from payments.providers.base import (
    BadNotice,
    BadSignature,
    DisputeReport,
    IntentReport,
    IntentTerms,
    KnownIntent,
    NewIntent,
    Notice,
    ProviderRefused,
    ProviderUnsure,
    RefundReport,
)
from payments.sandbox.signing import SignatureMismatch, verify
from payments.states import IntentStatus, State

# Above the three seconds of an answer that the sandbox delays, and well below an operation's lease of 60.
TIMEOUT_SECONDS = 10


class SandboxProvider:
    name: ClassVar[str] = "sandbox"
    is_told_by_staff: ClassVar[bool] = False
    key_hours: ClassVar[int] = 24 * 365
    failed_may_be_paid: ClassVar[bool] = False

    def is_configured(self) -> bool:
        return bool(settings.SANDBOX_PROVIDER_URL and settings.SANDBOX_WEBHOOK_SECRET)

    def methods(self) -> tuple[str, ...]:
        return ("card", "card_3ds", "card_declined", "bank_transfer")

    def create(self, new: NewIntent, *, key: UUID) -> IntentReport:
        body = {
            "amount": f"{new.amount:f}",
            "currency": new.currency,
            "method": new.method or "card",
            "capture": "automatic" if new.captures_at_once else "manual",
            "metadata": {"intent": str(new.intent_id), "order": new.order_number},
        }
        return _report_of(_ask_sandbox("POST", "/intents", body, key))

    def capture(self, intent: KnownIntent, *, amount: Decimal, key: UUID) -> IntentReport:
        return _report_of(
            _ask_sandbox("POST", f"/intents/{intent.provider_id}/capture", {"amount": f"{amount:f}"}, key)
        )

    def void(self, intent: KnownIntent, *, key: UUID) -> IntentReport:
        return _report_of(_ask_sandbox("POST", f"/intents/{intent.provider_id}/void", {}, key))

    def refund(self, intent: KnownIntent, *, amount: Decimal, key: UUID) -> RefundReport:
        # The key goes along as metadata, too: the webhook of the refund brings it back, the header does not.
        body = {"intent": intent.provider_id, "amount": f"{amount:f}", "metadata": {"key": str(key)}}
        return _refund_report(_ask_sandbox("POST", "/refunds", body, key))

    def read(self, intent: KnownIntent) -> IntentReport:
        return _report_of(_ask_sandbox("GET", f"/intents/{intent.provider_id}"))

    def read_refunds(self, intent: KnownIntent) -> list[RefundReport]:
        return [_refund_report(row) for row in _ask_sandbox("GET", f"/intents/{intent.provider_id}/refunds")["refunds"]]

    def intents_since(self, moment: datetime) -> list[IntentReport]:
        return [_report_of(row) for row in _ask_sandbox("GET", "/books")["intents"]]

    def refunds_since(self, moment: datetime) -> list[RefundReport]:
        return [_refund_report(row) for row in _ask_sandbox("GET", "/books")["refunds"]]

    def check_webhook(self, body: bytes, headers: Mapping[str, str]) -> str:
        try:
            return verify(body, headers, secret=settings.SANDBOX_WEBHOOK_SECRET)
        except SignatureMismatch as error:
            raise BadSignature from error

    def read_webhook(self, body: bytes) -> Notice:
        try:
            event = json.loads(body)
            kind, subject = str(event["type"]), event["data"]
            if kind.startswith("intent."):
                return Notice(kind, intent=_report_of(subject))
            if kind.startswith("refund."):
                return Notice(kind, refund=_refund_report(subject))
            if kind.startswith("dispute."):
                return Notice(kind, dispute=_dispute_report(subject))
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise BadNotice(f"{type(error).__name__}: {error}") from error
        return Notice(kind)


def _ask_sandbox(
    method: str, path: str, body: Mapping[str, Any] | None = None, key: UUID | None = None
) -> dict[str, Any]:
    address = urlsplit(settings.SANDBOX_PROVIDER_URL)
    link = HTTPConnection(address.hostname or "", address.port, timeout=TIMEOUT_SECONDS)
    headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": str(key)} if key else {})
    try:
        link.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = link.getresponse()
        content = response.read()
        answer: dict[str, Any] = json.loads(content)
    # A broken connection, or an answer cut short, says nothing of whether it was done.
    except (OSError, HTTPException, ValueError) as error:
        raise ProviderUnsure(f"{type(error).__name__}: {error}") from error
    finally:
        link.close()
    # Not a refusal: a server that answers 500 may have moved the money before it failed.
    if response.status >= 500:
        raise ProviderUnsure(f"{response.status}: {answer.get('error')}")
    if response.status >= 400:
        raise ProviderRefused(str(answer.get("error")))
    return answer


def _report_of(intent: Mapping[str, Any]) -> IntentReport:
    ours = intent["metadata"].get("intent")
    return IntentReport(
        provider_id=str(intent["id"]),
        state=State(IntentStatus(intent["status"]).value, Decimal(intent["authorised"]), Decimal(intent["captured"])),
        currency=str(intent["currency"]),
        failure=str(intent["failure"])[:200],
        action_url=str(intent.get("action_url", "")),
        intent_id=UUID(ours) if ours else None,
        order_number=str(intent["metadata"].get("order", "")),
        terms=_terms_of(intent),
    )


def _terms_of(intent: Mapping[str, Any]) -> IntentTerms | None:
    if "created" not in intent:  # books of an earlier version
        return None
    begun = datetime.fromisoformat(intent["created"])
    return IntentTerms(Decimal(intent["amount"]), str(intent["method"]), intent["capture"] == "automatic", begun)


def _refund_report(refund: Mapping[str, Any]) -> RefundReport:
    ours = refund["metadata"].get("key")
    return RefundReport(
        provider_id=str(refund["id"]),
        is_done={"done": True, "failed": False}.get(refund["status"]),
        failure=str(refund["failure"])[:200],
        key=UUID(ours) if ours else None,
        intent_id=str(refund["intent"]),
        amount=Decimal(refund["amount"]),
        currency=str(refund["currency"]),
    )


def _dispute_report(dispute: Mapping[str, Any]) -> DisputeReport:
    return DisputeReport(
        provider_id=str(dispute["id"]),
        intent_id=str(dispute["intent"]),
        amount=Decimal(dispute["amount"]),
        currency=str(dispute["currency"]),
        status=DisputeStatus(dispute["status"]),
        funds=DisputeFunds(dispute["funds"]),
        reason=str(dispute["reason"]),
        evidence_due_at=datetime.fromisoformat(dispute["evidence_due_at"]),
    )
