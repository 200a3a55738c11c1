"""Orders paid through Stripe, and what it tells of them."""

import time
from decimal import Decimal
from typing import Any

import stripe

from orders.models.order import Order
from orders.models.refund import Refund
from orders.services.upkeep.audit_books import audit_books
from payments.models.payment_intent import PaymentIntent
from payments.services.create_intent import create_intent
from shared.actor import SYSTEM
from tests.payments.stripe_server import StripeServer, event
from tests.shop.http.answer import Answer
from tests.shop.servers.sandbox import an_order, post_webhook, process_stored

SECRET = "whsec_of_the_test"


def begin(order: Order, **how: Any) -> PaymentIntent:
    return create_intent(order_id=order.pk, actor=SYSTEM, provider="stripe", **how).intent


def tell(body: bytes) -> Answer:
    """Signed as Stripe signs, by its own library."""
    signature = stripe.WebhookSignature.generate_signature_header(body.decode(), SECRET)
    return post_webhook("stripe", body, **{"Stripe-Signature": signature})


def assert_books_are_right() -> None:
    assert [
        (found.check.name, found.rows) for found in audit_books() if found.count and found.check.is_discrepancy
    ] == []


def news(*told: bytes) -> None:
    for body in told:
        assert tell(body).status_code == 200
        process_stored()


def paid(server: StripeServer, total: str = "50.00", **facts: Any) -> tuple[Order, PaymentIntent]:
    order = an_order(total, **facts)
    intent = begin(order)
    news(event("payment_intent.succeeded", server.payer_confirms(intent.provider_id)))
    return order, intent


def refunds(order: Order) -> list[tuple[str, str, Decimal]]:
    found = Refund.objects.filter(order=order).order_by("id")
    return [(refund.cause, refund.status, refund.amount) for refund in found]


def kinds(order: Order) -> list[str]:
    return list(order.events.order_by("created_at", "id").values_list("kind", flat=True))


def dispute(intent: PaymentIntent, status: str, minor: int = 5000, **facts: Any) -> dict[str, Any]:
    return {
        "id": "dp_1",
        "object": "dispute",
        "amount": minor,
        "currency": intent.currency.lower(),
        "payment_intent": intent.provider_id,
        "reason": "fraudulent",
        "status": status,
        "evidence_details": {"due_by": int(time.time()) + 86_400 * 7},
        **facts,
    }
