"""Giving money back through the provider that it came from."""

from datetime import datetime
from uuid import UUID

from orders.lifecycle.locking import lock_order_group
from orders.models.refund import Refund
from orders.services.refunds.settle_refund import fail_refund, mark_refund_sent
from orders.states import RefundStatus
from payments.models.intent_operation import IntentOperation, OperationKind, OperationStatus
from payments.models.payment_intent import PaymentIntent
from payments.operations import reasons
from payments.operations.planning import OPEN, plan
from payments.operations.running import run_operation
from payments.providers.registry import PROVIDERS
from shared.actor import SYSTEM
from shared.clock import database_now
from shared.database.transactions import outermost_transaction, retry_transaction


def send_refund(*, refund_id: UUID, now: datetime | None = None) -> OperationStatus | None:
    """Plan the refund's operation unless there is one, and ask the provider; what became of it, None for a refund that
    is not to be sent (over, or paid out by staff).

    Asked any number of times it gives back once. Raises Unavailable. Locks: the order group.
    """
    refund = Refund.objects.select_related("payment").filter(pk=refund_id).first()
    if refund is None or refund.payment.provider == "manual":
        return None
    intent = _intent_of(refund)
    if intent is None:
        _give_up(refund)
        return OperationStatus.FAILED

    def work(_again: bool) -> UUID | None:
        with outermost_transaction():
            lock_order_group(refund.order_id)
            # Under the order's lock, so the job and the sweep cannot both find none and plan two.
            running = IntentOperation.objects.filter(refund_id=refund_id, status__in=OPEN).first()
            if running is not None:
                return running.pk
            known = Refund.objects.get(pk=refund_id)
            if known.status != RefundStatus.DUE:
                return None
            moment = now or database_now()
            kind = OperationKind.REFUND
            return plan(intent, kind, amount=known.amount, actor=SYSTEM, now=moment, refund=known).pk

    operation_id = retry_transaction(work, name="plan_refund")
    return run_operation(operation_id=operation_id) if operation_id else None


def _intent_of(refund: Refund) -> PaymentIntent | None:
    intent_id = refund.payment.intent_id
    return PaymentIntent.objects.filter(pk=intent_id, provider__in=PROVIDERS).first() if intent_id else None


def _give_up(refund: Refund) -> None:
    """Nobody knows through what the money came: staff pay it out."""
    if refund.status == RefundStatus.DUE:
        # By way of SENT, as REFUND in orders/states.py has it; only once it FAILED may staff pay it out by hand.
        mark_refund_sent(refund_id=refund.pk, actor=SYSTEM)
        why = reasons.NO_INTENT_KNOWN()
        fail_refund(refund_id=refund.pk, actor=SYSTEM, failure=why)
