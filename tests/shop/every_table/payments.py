"""An intent, what its provider was asked, and what it told."""

from decimal import Decimal

from inventory.models.level import StockLevel
from orders.models.refund import Refund
from orders.services.payments.record_dispute import ToldDispute, record_dispute
from orders.states import DisputeFunds, DisputeStatus
from payments.models.intent_operation import OperationKind
from payments.models.payment_intent import PaymentIntent
from payments.models.webhook_event import WebhookEvent
from payments.operations.planning import plan
from payments.services.create_intent import create_intent
from shared.actor import SYSTEM
from shared.clock import database_now
from tests.shop.orders import order_of
from tests.shop.people import Buyer


def fill_payments(buyer: Buyer, level: StockLevel) -> PaymentIntent:
    """An open intent of an order, with a void and a refund planned that nobody has sent yet, and a dispute."""
    order = order_of(buyer, (level, 1))
    intent = create_intent(order_id=order.pk, actor=SYSTEM, provider="manual", method="bank_transfer").intent
    now = database_now()
    plan(intent, OperationKind.VOID, amount=intent.amount, actor=SYSTEM, now=now)
    refund = Refund.objects.first()
    if refund is not None:
        plan(intent, OperationKind.REFUND, amount=refund.amount, actor=SYSTEM, now=now, refund=refund)
    told = ToldDispute(
        "sandbox", f"sd_{intent.pk}", Decimal(1), DisputeStatus.NEEDS_RESPONSE, DisputeFunds.HERE, "fraudulent"
    )
    record_dispute(order_id=order.pk, intent_id=intent.pk, told=told)
    WebhookEvent.objects.create(provider="sandbox", event_id=f"se_{intent.pk}", body=b"{}", received_at=now)
    return intent
