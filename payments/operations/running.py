"""Asking a provider what was planned, and writing down what it answers."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db.models import F, Q

from orders.lifecycle.locking import lock_order_group
from orders.models.refund import Refund
from orders.services.refunds.settle_refund import fail_refund, finish_refund, mark_refund_sent
from orders.states import RefundStatus
from payments.models.intent_operation import IntentOperation, OperationKind, OperationStatus
from payments.models.payment_intent import Capture, PaymentIntent
from payments.operations import reasons
from payments.operations.applying import Contradiction, apply_report, read_intent
from payments.operations.planning import OPEN
from payments.providers.base import (
    IntentReport,
    KnownIntent,
    NewIntent,
    Provider,
    ProviderRefused,
    ProviderUnsure,
    RefundReport,
)
from payments.providers.registry import PROVIDERS
from payments.states import IntentStatus, State
from shared.actor import SYSTEM
from shared.clock import database_now
from shared.database.transactions import outermost_transaction, retry_transaction

log = structlog.get_logger("kontor.payments")

# Longer than any provider's timeout: nobody takes an operation over while its network call may still be running.
LEASE = timedelta(seconds=60)
_MAX_PAUSE = timedelta(hours=1)


def run_operation(*, operation_id: UUID) -> OperationStatus:
    """Ask the provider and write down the outcome; what became of it. SENT: no answer yet, somebody asks again.

    Never in a transaction. One that is over, or that another process is busy with, is left alone. Raises Unavailable
    when the outcome could not be written; it is then asked for again, under the same key. Locks: the order, then its
    stock levels in primary-key order.
    """
    operation = _claim_operation(operation_id)
    if operation is None:
        return OperationStatus(IntentOperation.objects.values_list("status", flat=True).get(pk=operation_id))
    provider = PROVIDERS[operation.intent.provider]
    if operation.refund is not None and operation.refund.status not in (RefundStatus.DUE, RefundStatus.SENT):
        # Staff have paid it out, or given it back at the provider: it must not go back once more.
        return _close_operation(operation, OperationStatus.FAILED, {}, reasons.REFUND_OVER())
    try:
        if operation.refund is not None and operation.refund.status == RefundStatus.DUE:
            # Committed before the request: a crash behind it leaves a refund that says: my money may be on its way.
            mark_refund_sent(refund_id=operation.refund.pk, actor=SYSTEM)
        answer = _ask_provider(provider, operation)
    except ProviderRefused as refusal:
        return _write_refusal(provider, operation, str(refusal))
    except ProviderUnsure as error:
        return _ask_later(operation, str(error))
    try:
        return _write_answer(operation, answer)
    except Contradiction as error:
        return _close_operation(operation, OperationStatus.FAILED, {}, str(error))


def _claim_operation(operation_id: UUID) -> IntentOperation | None:
    """SENT, committed: from now on only the provider knows what happened."""
    now = database_now()
    # A conditional UPDATE and a lease instead of a held lock: the request that follows must find no transaction open.
    is_free = Q(status=OperationStatus.PLANNED) | Q(status=OperationStatus.SENT, due_at__lte=now)
    claimed = IntentOperation.objects.filter(is_free, pk=operation_id).update(
        status=OperationStatus.SENT, attempts=F("attempts") + 1, sent_at=now, due_at=now + LEASE
    )
    if not claimed:
        return None
    return IntentOperation.objects.select_related("intent__order", "refund").get(pk=operation_id)


def _ask_provider(provider: Provider, operation: IntentOperation) -> IntentReport | RefundReport:
    """Under the operation's own key, as often as need be. A key that the provider has forgotten is not used again:
    then it is only read how things stand."""
    intent, key = operation.intent, operation.idempotency_key
    if database_now() - operation.created_at > timedelta(hours=provider.key_hours):
        # An intent that was perhaps made has no name to read it by, and a refund does not show in its intent.
        if operation.kind not in (OperationKind.CAPTURE, OperationKind.VOID):
            raise ProviderRefused(reasons.TOO_OLD())
        return provider.read(_known_intent(intent))
    if operation.kind == OperationKind.CREATE:
        return provider.create(_new_intent(intent), key=key)
    known = _known_intent(intent)
    if operation.kind == OperationKind.CAPTURE:
        return provider.capture(known, amount=operation.amount, key=key)
    if operation.kind == OperationKind.VOID:
        return provider.void(known, key=key)
    return provider.refund(known, amount=operation.amount, key=key)


def _new_intent(intent: PaymentIntent) -> NewIntent:
    return NewIntent(
        intent_id=intent.pk,
        order_number=intent.order.number,
        amount=intent.amount,
        currency=intent.currency,
        method=intent.method,
        captures_at_once=intent.capture == Capture.AUTOMATIC,
    )


def _known_intent(intent: PaymentIntent) -> KnownIntent:
    return KnownIntent(intent.pk, intent.provider_id, intent.currency, intent.state)


def _write_answer(operation: IntentOperation, answer: IntentReport | RefundReport) -> OperationStatus:
    if isinstance(answer, IntentReport):
        return _write_intent(operation, answer, OperationStatus.DONE)
    assert operation.refund_id is not None  # noqa: S101 - operation_refunds_a_refund
    told = {"provider_id": answer.provider_id, "is_done": answer.is_done, "failure": answer.failure}
    settle_reported_refund(operation, report=answer)
    return _close_operation(
        operation, OperationStatus.FAILED if answer.is_done is False else OperationStatus.DONE, told
    )


def settle_reported_refund(operation: IntentOperation, *, report: RefundReport) -> None:
    """The order's refund goes where the provider says it is; while it is under way it stays SENT. News of an operation
    that was followed by another try are old."""
    refund_id = operation.refund_id
    if refund_id is None:
        return
    # Staff tried the refund again: its first operation's late failure must not fail the second.
    if IntentOperation.objects.filter(refund_id=refund_id, created_at__gt=operation.created_at).exists():
        return
    # So it is when they did, and it waits to be sent: whatever is under way is SENT.
    if report.is_done is False and Refund.objects.filter(pk=refund_id, status=RefundStatus.DUE).exists():
        return
    if report.is_done:
        finish_refund(refund_id=refund_id, actor=SYSTEM, reference=report.provider_id)
    elif report.is_done is False:
        why = report.failure or "refused"
        fail_refund(refund_id=refund_id, actor=SYSTEM, failure=why, reference=report.provider_id)


def _write_refusal(provider: Provider, operation: IntentOperation, why: str) -> OperationStatus:
    """It was not done. What was asked of a known intent may have been refused because it had happened: ask how it
    stands."""
    intent = operation.intent
    if operation.refund_id is not None:
        fail_refund(refund_id=operation.refund_id, actor=SYSTEM, failure=why)
        return _close_operation(operation, OperationStatus.FAILED, {}, why)
    if operation.kind == OperationKind.CREATE:
        failed = IntentReport(intent.provider_id, State(IntentStatus.FAILED), intent.currency, failure=why[:200])
        return _write_intent(operation, failed, OperationStatus.FAILED, why)
    try:
        report = provider.read(_known_intent(intent))
    except (ProviderRefused, ProviderUnsure) as error:
        return _ask_later(operation, f"{why} {error}")
    return _write_intent(operation, report, OperationStatus.FAILED, why)


def _write_intent(
    operation: IntentOperation, report: IntentReport, status: OperationStatus, error: str = ""
) -> OperationStatus:
    """The outcome and what it means for the order, in one transaction."""

    def work(_again: bool) -> OperationStatus:
        with outermost_transaction():
            # The order before the operation's row, as everywhere: a webhook about the same intent does it so, too.
            group = lock_order_group(operation.intent.order_id)
            now = database_now()
            over = _set_closed(operation, status, _report_details(report), error, now)
            if over:  # else another process was faster, with the same answer
                apply_report(group, read_intent(operation.intent_id), report, actor=SYSTEM, now=now)
        return status

    return retry_transaction(work, name="write_operation")


def _close_operation(
    operation: IntentOperation, status: OperationStatus, told: dict[str, Any], error: str = ""
) -> OperationStatus:
    retry_transaction(
        lambda _again: _set_closed(operation, status, told, error, database_now()), name="close_operation"
    )
    return status


def _set_closed(
    operation: IntentOperation, status: OperationStatus, told: dict[str, Any], error: str, now: datetime
) -> int:
    log.info("operation_over", operation=str(operation.pk), kind=operation.kind, status=status, error=error)
    # Only while it is open: two processes may bring the same answer, and one of them alone may apply it.
    return IntentOperation.objects.filter(pk=operation.pk, status__in=OPEN).update(
        status=status, response=told, error=error[:500], done_at=now
    )


def _ask_later(operation: IntentOperation, why: str) -> OperationStatus:
    """Twice as late after each try."""
    # The exponent has a bound of its own: after two days of tries 2 ** attempts seconds are no timedelta any more.
    pause = min(timedelta(seconds=5 * 2 ** min(operation.attempts, 12)), _MAX_PAUSE)
    log.warning("operation_unsure", operation=str(operation.pk), kind=operation.kind, error=why)
    IntentOperation.objects.filter(pk=operation.pk, status=OperationStatus.SENT).update(
        error=why[:500], due_at=database_now() + pause
    )
    return OperationStatus.SENT


def _report_details(report: IntentReport) -> dict[str, Any]:
    return {
        "provider_id": report.provider_id,
        "status": report.state.status,
        "authorised": f"{report.state.authorised:f}",
        "captured": f"{report.state.captured:f}",
        "failure": report.failure,
    }
