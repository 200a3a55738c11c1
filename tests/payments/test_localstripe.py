"""Our Stripe against localstripe, a stateful Stripe server that is not ours.

It knows intents, cards, cancelling, refunds and their lists. It does not know idempotency keys, descriptions, automatic
payment methods, what came in of an intent, webhooks of refunds, and disputes: an intent is begun there by hand, and its
events are told as Stripe's documentation has them.
"""

from decimal import Decimal
from typing import Any

import pytest

from orders.models.order import Order
from orders.models.refund import Refund, RefundCause
from orders.services.orders.cancel_order import cancel_order
from orders.states import CancelReason
from payments.models.payment_intent import PaymentIntent
from payments.services.recover_operations import recover_operations
from payments.services.send_refund import send_refund
from shared.actor import SYSTEM
from tests.payments.localstripe_server import LocalStripe, localstripe
from tests.payments.stripe_orders import assert_books_are_right, begin, tell
from tests.payments.stripe_server import event
from tests.shop.order_actions import promise
from tests.shop.servers.sandbox import an_order, process_stored, state

__all__ = ["localstripe"]  # the fixture
pytestmark = pytest.mark.django_db(transaction=True)
GOOD, DECLINED = "4242424242424242", "4000000000000341"


def paid(stripe: LocalStripe, total: str) -> tuple[Order, dict[str, Any]]:
    order = an_order(total)
    made = stripe.pays(begin(order), GOOD)
    assert made["status"] == "succeeded"
    tell(event("payment_intent.succeeded", made | {"amount_received": made["amount"]}))
    process_stored()
    assert state(order) == ("CONFIRMED", "PAID")
    return order, made


def test_refunds_from_both_sides_are_the_same_on_both(localstripe: LocalStripe) -> None:
    order, made = paid(localstripe, "50.00")
    send_refund(refund_id=promise(order, Decimal(12), RefundCause.AMOUNT).pk)
    localstripe.ask("refunds", {"payment_intent": made["id"], "amount": 800})
    localstripe.ask("refunds", {"payment_intent": made["id"], "amount": 3000})

    charge = localstripe.ask(f"payment_intents/{made['id']}")["latest_charge"]
    for _ in range(2):
        tell(event("charge.refunded", charge | {"payment_intent": made["id"]}))
        process_stored()

    theirs = localstripe.ask(f"refunds?payment_intent={made['id']}")["data"]
    ours = Refund.objects.filter(order=order, status="DONE")
    assert {(refund["id"], refund["amount"]) for refund in theirs} == {
        (refund.reference, int(refund.amount * 100)) for refund in ours
    }
    assert (len(theirs), state(order)) == (3, ("CONFIRMED", "REFUNDED"))
    assert_books_are_right()


def test_a_declined_attempt_is_cancelled_there_when_its_order_is(localstripe: LocalStripe) -> None:
    order = an_order()
    made = localstripe.pays(begin(order), DECLINED)
    assert made["status"] == "requires_payment_method"
    tell(event("payment_intent.payment_failed", made))
    process_stored()
    intent = PaymentIntent.objects.get(order=order)
    assert (intent.status, intent.provider_id) == ("failed", made["id"])

    cancel_order(order_id=order.pk, actor=SYSTEM, reason=CancelReason.CUSTOMER)
    recover_operations()

    intent.refresh_from_db()
    assert (localstripe.ask(f"payment_intents/{made['id']}")["status"], intent.status) == ("canceled", "voided")
    assert_books_are_right()
