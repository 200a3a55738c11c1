"""Writing down what a provider will be asked, before it is: in the transaction that decides it."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from orders.models.refund import Refund
from payments.models.intent_operation import IntentOperation, OperationKind, OperationStatus
from payments.models.payment_intent import PaymentIntent
from shared.actor import Actor
from shared.ids import new_id

# Whoever plans an operation is about to send it; after so long it is somebody else's.
GRACE = timedelta(seconds=15)
OPEN = (OperationStatus.PLANNED, OperationStatus.SENT)


def plan(
    intent: PaymentIntent,
    kind: OperationKind,
    *,
    amount: Decimal,
    actor: Actor,
    now: datetime,
    refund: Refund | None = None,
    operation_id: UUID | None = None,
) -> IntentOperation:
    """The recovery point. The intent's order must be locked; run it after the commit (run_operation). `operation_id`:
    what a repeated request finds it by."""
    return IntentOperation.objects.create(
        id=operation_id or new_id(),
        intent=intent,
        refund=refund,
        kind=kind,
        amount=amount,
        currency=intent.currency,
        actor_id=actor.user_id,
        created_at=now,
        due_at=now + GRACE,
    )


def open_operation(intent: PaymentIntent) -> IntentOperation | None:
    """What is under way on the intent, refunds apart."""
    return IntentOperation.objects.filter(intent=intent, refund__isnull=True, status__in=OPEN).first()
