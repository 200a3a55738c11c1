"""Stripe, by its own library: payment intents, refunds and signed webhooks.

The library is imported at the first use: it is large, and most processes never pay.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
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
    RefundedSum,
    RefundReport,
)
from payments.providers.minor_units import from_minor, to_minor
from payments.states import IntentStatus, State

if TYPE_CHECKING:
    import stripe

T = TypeVar("T")
# Well below an operation's lease of 60 seconds, after which another process would ask in parallel.
TIMEOUT_SECONDS = 20
# As Stripe's own libraries have it: within it a recorded webhook can be replayed, which its event id then stops.
WEBHOOK_TOLERANCE_SECONDS = 300
_METADATA = "kontor_intent"
_KEY = "kontor_operation"

# https://docs.stripe.com/payments/paymentintents/lifecycle
_STATUS = {
    "requires_payment_method": IntentStatus.CREATED,
    "requires_confirmation": IntentStatus.CREATED,
    "requires_action": IntentStatus.REQUIRES_ACTION,
    # A bank debit may process for days and still fail: nothing is authorised, and it cannot be captured.
    "processing": IntentStatus.REQUIRES_ACTION,
    "requires_capture": IntentStatus.AUTHORISED,
    "canceled": IntentStatus.VOIDED,
    "succeeded": IntentStatus.CAPTURED,
}


_DISPUTES = {
    "warning_needs_response": DisputeStatus.NEEDS_RESPONSE,
    "needs_response": DisputeStatus.NEEDS_RESPONSE,
    "warning_under_review": DisputeStatus.UNDER_REVIEW,
    "under_review": DisputeStatus.UNDER_REVIEW,
    "warning_closed": DisputeStatus.WON,
    "prevented": DisputeStatus.WON,
    "won": DisputeStatus.WON,
    "lost": DisputeStatus.LOST,
}


class StripeProvider:
    name: ClassVar[str] = "stripe"
    is_told_by_staff: ClassVar[bool] = False
    key_hours: ClassVar[int] = 23  # Stripe forgets keys after at least 24 hours
    failed_may_be_paid: ClassVar[bool] = True

    def is_configured(self) -> bool:
        return bool(settings.STRIPE_SECRET_KEY and settings.STRIPE_WEBHOOK_SECRET)

    def methods(self) -> tuple[str, ...]:
        return ()

    def create(self, new: NewIntent, *, key: UUID) -> IntentReport:
        params: dict[str, Any] = {
            "amount": to_minor(new.amount, new.currency),
            "currency": new.currency.lower(),
            "capture_method": "automatic" if new.captures_at_once else "manual",
            "description": f"Order {new.order_number}",
            "metadata": {_METADATA: str(new.intent_id), "order": new.order_number},
        }
        ways = (
            {"payment_method_types": [new.method]} if new.method else {"automatic_payment_methods": {"enabled": True}}
        )
        made = _ask_stripe(lambda client: client.v1.payment_intents.create({**params, **ways}, _request_options(key)))  # type: ignore[typeddict-item]
        return _report_of(made.to_dict(), made.client_secret)

    def capture(self, intent: KnownIntent, *, amount: Decimal, key: UUID) -> IntentReport:
        """What is not captured is given up at the same time."""
        minor = to_minor(amount, intent.currency)
        done = _ask_stripe(
            lambda client: client.v1.payment_intents.capture(
                intent.provider_id, {"amount_to_capture": minor}, _request_options(key)
            )
        )
        return _report_of(done.to_dict())

    def void(self, intent: KnownIntent, *, key: UUID) -> IntentReport:
        done = _ask_stripe(
            lambda client: client.v1.payment_intents.cancel(intent.provider_id, {}, _request_options(key))
        )
        return _report_of(done.to_dict())

    def refund(self, intent: KnownIntent, *, amount: Decimal, key: UUID) -> RefundReport:
        minor = to_minor(amount, intent.currency)
        made = _ask_stripe(
            lambda client: client.v1.refunds.create(
                {"payment_intent": intent.provider_id, "amount": minor, "metadata": {_KEY: str(key)}},
                _request_options(key),
            )
        )
        return _refund_report(made.to_dict())

    def read(self, intent: KnownIntent) -> IntentReport:
        return _report_of(_ask_stripe(lambda client: client.v1.payment_intents.retrieve(intent.provider_id)).to_dict())

    def read_refunds(self, intent: KnownIntent) -> list[RefundReport]:
        asked: Any = {"payment_intent": intent.provider_id, "limit": 100}
        found = _ask_stripe(lambda client: list(client.v1.refunds.list(asked).auto_paging_iter()))
        return [_refund_report(refund.to_dict()) for refund in found]

    def intents_since(self, moment: datetime) -> list[IntentReport]:
        asked: Any = {"created": {"gte": int(moment.timestamp())}, "limit": 100}
        found = _ask_stripe(lambda client: list(client.v1.payment_intents.list(asked).auto_paging_iter()))
        return [_report_of(intent.to_dict()) for intent in found]

    def refunds_since(self, moment: datetime) -> list[RefundReport]:
        asked: Any = {"created": {"gte": int(moment.timestamp())}, "limit": 100}
        found = _ask_stripe(lambda client: list(client.v1.refunds.list(asked).auto_paging_iter()))
        return [_refund_report(refund.to_dict()) for refund in found]

    def check_webhook(self, body: bytes, headers: Mapping[str, str]) -> str:
        import stripe

        signature = headers.get("stripe-signature")
        try:
            stripe.WebhookSignature.verify_header(
                body, signature, settings.STRIPE_WEBHOOK_SECRET, WEBHOOK_TOLERANCE_SECONDS
            )
            event = json.loads(body)
            return str(event["id"])
        except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError) as error:
            raise BadSignature from error

    def read_webhook(self, body: bytes) -> Notice:
        event = json.loads(body)
        try:
            kind, subject = str(event["type"]), event["data"]["object"]
            if subject["object"] == "payment_intent":
                return Notice(kind, intent=_report_of(subject, has_failed=kind == "payment_intent.payment_failed"))
            if subject["object"] == "refund":
                return Notice(kind, refund=_refund_report(subject))
            if subject["object"] == "dispute":
                return Notice(kind, dispute=_dispute_report(subject, kind))
            if subject["object"] == "charge" and kind.startswith("charge.refund"):
                return Notice(kind, refunded=_refunded_sum(subject))
        except (KeyError, TypeError, ValueError) as error:
            raise BadNotice(f"{type(error).__name__}: {error}") from error
        return Notice(kind)


def _stripe_client() -> "stripe.StripeClient":
    import stripe

    base = {"api": settings.STRIPE_API_BASE} if settings.STRIPE_API_BASE else None
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses=base,  # type: ignore[arg-type]
        max_network_retries=0,  # our own operations are the retries, and they outlive the process
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


def _ask_stripe(call: Callable[["stripe.StripeClient"], T]) -> T:
    import stripe

    try:
        return call(_stripe_client())
    # The two that mean: understood, and not done. Whatever else goes wrong may have been done.
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        raise ProviderRefused(error.user_message or str(error)) from error
    except (stripe.AuthenticationError, stripe.PermissionError, stripe.IdempotencyError) as error:
        # Wrong keys are put right by whoever runs the shop, and then it goes on.
        raise ProviderUnsure(f"{type(error).__name__}: {error.user_message or error}") from error
    except stripe.StripeError as error:
        raise ProviderUnsure(f"{type(error).__name__}: {error.user_message or error}") from error


def _request_options(key: UUID) -> Any:
    return {"idempotency_key": str(key)}


def _report_of(
    intent: Mapping[str, Any], client_secret: str | None = None, *, has_failed: bool = False
) -> IntentReport:
    """`action_url` is where a redirect leads, else the secret with which the shop's page goes on (Stripe.js)."""
    currency = str(intent["currency"]).upper()
    captured = from_minor(int(intent.get("amount_received") or 0), currency)
    status = _STATUS[intent["status"]]
    held = from_minor(int(intent.get("amount_capturable") or 0), currency)
    fault = intent.get("last_payment_error") or {}
    action = (intent.get("next_action") or {}).get("redirect_to_url") or {}
    # A declined attempt puts the intent back to requires_payment_method, which also means new: only the event tells.
    if has_failed and status == IntentStatus.CREATED:
        status = IntentStatus.FAILED
    metadata = intent.get("metadata") or {}
    ours = metadata.get(_METADATA)
    return IntentReport(
        provider_id=str(intent["id"]),
        state=State(status, captured + held, captured),
        currency=currency,
        failure=str(fault.get("message") or "")[:200] if status == IntentStatus.FAILED else "",
        action_url=str(action.get("url") or client_secret or ""),
        intent_id=UUID(ours) if ours else None,
        order_number=str(metadata.get("order") or ""),
        terms=_terms_of(intent, currency),
    )


def _terms_of(intent: Mapping[str, Any], currency: str) -> IntentTerms | None:
    if not intent.get("created"):
        return None
    # Where the payer chooses there, Kontor names no method; else it is the one that was asked for.
    is_open = bool((intent.get("automatic_payment_methods") or {}).get("enabled"))
    ways = [] if is_open else intent.get("payment_method_types") or []
    return IntentTerms(
        amount=from_minor(int(intent["amount"]), currency),
        method=str(ways[0])[:30] if ways else "",
        captures_at_once=intent.get("capture_method") != "manual",
        begun_at=datetime.fromtimestamp(int(intent["created"]), UTC),
    )


def _refund_report(refund: Mapping[str, Any]) -> RefundReport:
    """https://docs.stripe.com/api/refunds/object: pending, requires_action, succeeded, failed, canceled."""
    status = refund["status"]
    ours = (refund.get("metadata") or {}).get(_KEY)
    currency = str(refund["currency"]).upper()
    return RefundReport(
        provider_id=str(refund["id"]),
        is_done=True if status == "succeeded" else False if status in {"failed", "canceled"} else None,
        failure=str(refund.get("failure_reason") or "")[:200],
        key=UUID(ours) if ours else None,
        intent_id=_name_of(refund.get("payment_intent")),
        amount=from_minor(int(refund["amount"]), currency),
        currency=currency,
    )


def _refunded_sum(charge: Mapping[str, Any]) -> RefundedSum:
    currency = str(charge["currency"]).upper()
    amount = from_minor(int(charge["amount_refunded"]), currency)
    return RefundedSum(_name_of(charge.get("payment_intent")), amount, currency)


def _dispute_report(dispute: Mapping[str, Any], kind: str) -> DisputeReport:
    """https://docs.stripe.com/api/disputes/object. Where the money is only the kind of the event says, or the end: what
    is lost is withdrawn. An inquiry (warning_…) that is closed has cost nothing."""
    currency = str(dispute["currency"]).upper()
    # A status that Stripe adds one day counts as open: goods stay here and staff look, where an event would fail.
    status = _DISPUTES.get(dispute["status"], DisputeStatus.UNDER_REVIEW)
    funds = DisputeFunds.WITHDRAWN if status == DisputeStatus.LOST else DisputeFunds.HERE
    if kind == "charge.dispute.funds_withdrawn":
        funds = DisputeFunds.WITHDRAWN
    if kind == "charge.dispute.funds_reinstated":
        funds = DisputeFunds.REINSTATED
    due = (dispute.get("evidence_details") or {}).get("due_by")
    return DisputeReport(
        provider_id=str(dispute["id"]),
        intent_id=_name_of(dispute.get("payment_intent")),
        amount=from_minor(int(dispute["amount"]), currency),
        currency=currency,
        status=status,
        funds=funds,
        reason=str(dispute.get("reason") or ""),
        evidence_due_at=datetime.fromtimestamp(int(due), UTC) if due else None,
    )


def _name_of(intent: Any) -> str:
    """Of a reference, be it expanded or not."""
    return str(intent["id"] if isinstance(intent, Mapping) else intent or "")
