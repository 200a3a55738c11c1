"""Finishing what a crash, or a provider that was away, left open."""

from datetime import timedelta
from uuid import UUID

import structlog
from django.db.models import Exists, OuterRef

from orders.models.refund import Refund
from orders.states import RefundStatus
from payments import queries
from payments.models.intent_operation import IntentOperation, OperationStatus
from payments.operations.planning import OPEN
from payments.operations.running import run_operation
from payments.services.change_intent import void_intent
from payments.services.process_webhook import process_webhook
from payments.services.send_refund import send_refund
from shared.actor import SYSTEM
from shared.clock import database_now
from shared.errors import Refusal

log = structlog.get_logger("kontor.payments")

# Whoever stores a webhook has queued it, and the worker may be at it.
GRACE = timedelta(seconds=15)
# The job runs each minute: a silent provider's timeouts must not keep the worker from everything else.
MOST_AT_ONCE = 50


def recover_operations(*, grace: timedelta = GRACE) -> dict[str, int]:
    """Ask providers again what was planned or sent and has no outcome, process webhooks that nobody did, send refunds
    that were forgotten, and void intents whose order waits for no money any more, or for another amount; how many of
    each were finished.

    Any number may run at once: each operation is claimed. A provider that does not answer is not asked again in this
    run. Locks: one order at a time.
    """
    now = database_now()
    return {
        "operations": _finish_operations(queries.operations_left_open(before=now, limit=MOST_AT_ONCE)),
        "webhooks": _process_webhooks(queries.webhooks_left_open(before=now - grace, limit=MOST_AT_ONCE)),
        "refunds": _send_refunds(),
        "voided": _void_intents(queries.intents_perhaps_unneeded(now=database_now(), limit=MOST_AT_ONCE)),
        "outdated": _void_intents(
            queries.intents_perhaps_outdated(now=database_now(), limit=MOST_AT_ONCE), are_outdated=True
        ),
    }


def _finish_operations(operation_ids: list[UUID]) -> int:
    done, silent = 0, set()
    providers = dict(IntentOperation.objects.filter(pk__in=operation_ids).values_list("pk", "intent__provider"))
    for operation_id in operation_ids:
        provider = providers.get(operation_id)
        if provider in silent:
            continue
        try:
            status = run_operation(operation_id=operation_id)
        except Refusal as refusal:  # one that cannot be finished must not keep the others waiting
            log.warning("operation_not_finished", operation=str(operation_id), error=refusal.detail)
            continue
        if status == OperationStatus.SENT:
            # One timeout tells enough: fifty operations in turn would wait for it fifty times.
            silent.add(provider)
        else:
            done += 1
    return done


def _process_webhooks(webhook_ids: list[UUID]) -> int:
    return sum(process_webhook(webhook_id=webhook_id) is not None for webhook_id in webhook_ids)


def _send_refunds() -> int:
    """Those whose job was lost, or ran while the shop was closed, be it the first or after staff tried them again: it
    is queued with the refund, but queues are emptied by hand, too."""
    # Five minutes, since the job that was queued with the refund is about to plan it.
    due = Refund.objects.filter(status=RefundStatus.DUE, created_at__lte=database_now() - timedelta(minutes=5))
    under_way = IntentOperation.objects.filter(refund=OuterRef("pk"), status__in=OPEN)
    due = due.exclude(payment__provider="manual").filter(~Exists(under_way))
    ids = list(due.order_by("id").values_list("pk", flat=True)[:MOST_AT_ONCE])
    return sum(send_refund(refund_id=refund_id) is not None for refund_id in ids)


def _void_intents(intent_ids: list[UUID], *, are_outdated: bool = False) -> int:
    voided = 0
    for intent_id in intent_ids:
        try:
            before = IntentOperation.objects.filter(intent_id=intent_id).count()
            void_intent(intent_id=intent_id, actor=SYSTEM, if_unneeded=not are_outdated, if_outdated=are_outdated)
            voided += IntentOperation.objects.filter(intent_id=intent_id).count() > before
        except Refusal as refusal:
            log.warning("intent_not_voided", intent=str(intent_id), error=refusal.detail)
    return voided
