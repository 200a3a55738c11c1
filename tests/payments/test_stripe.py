"""Stripe's own library against a server that speaks its protocol: real HTTP, real signatures, not the real Stripe."""

import time
from decimal import Decimal
from typing import Any

import pytest
import stripe

from orders.models.payment import Payment
from orders.models.refund import RefundCause
from orders.services.orders.cancel_order import cancel_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.states import CancelReason, RefundStatus
from payments.models.intent_operation import IntentOperation
from payments.models.payment_intent import Capture
from payments.models.webhook_event import WebhookEvent
from payments.providers.base import ProviderRefused
from payments.providers.minor_units import from_minor, to_minor
from payments.services.change_intent import capture_intent, void_intent
from payments.services.recover_operations import recover_operations
from payments.services.send_refund import send_refund
from shared.actor import SYSTEM
from shared.clock import database_now
from tests.payments.stripe_orders import SECRET, assert_books_are_right, begin, tell
from tests.payments.stripe_server import StripeServer, event
from tests.payments.test_changed_orders import give_units
from tests.shop.order_actions import promise
from tests.shop.servers.sandbox import an_order, post_webhook, process_stored, state

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_payer_confirms_and_a_signed_webhook_tells_of_it(server: StripeServer) -> None:
    order = an_order("50.00")

    intent = begin(order)
    assert (intent.status, intent.provider_id[:3]) == ("created", "pi_")
    assert intent.action_url == server.intents[intent.provider_id]["client_secret"]
    asked = server.requests[0][3]
    assert (asked["amount"], asked["currency"], asked["metadata[kontor_intent]"]) == ("5000", "usd", str(intent.pk))
    told = event("payment_intent.succeeded", server.payer_confirms(intent.provider_id))
    assert [tell(told).status_code for _ in range(2)] == [200, 200]
    process_stored()

    assert state(order) == ("CONFIRMED", "PAID")
    assert WebhookEvent.objects.get().status == "processed"
    assert Payment.objects.get(order=order).reference == intent.provider_id
    assert_books_are_right()


def test_what_was_declined_may_succeed_after_all_in_any_order(server: StripeServer) -> None:
    order = an_order()
    intent = begin(order)
    failed = event("payment_intent.payment_failed", server.payer_is_declined(intent.provider_id))
    succeeded = event("payment_intent.succeeded", server.payer_confirms(intent.provider_id))

    tell(failed)
    process_stored()
    assert state(order) == ("PENDING", "FAILED")
    for told in (succeeded, failed):
        tell(told)
        process_stored()

    assert state(order) == ("CONFIRMED", "PAID")
    assert_books_are_right()


@pytest.mark.parametrize("what", ["changed", "cancelled", "paid otherwise"])
def test_what_was_declined_is_voided_once_nobody_may_pay_it(server: StripeServer, what: str) -> None:
    """At Stripe it waits for another card: the payer's page is still open."""
    order = an_order()
    intent = begin(order)
    tell(event("payment_intent.payment_failed", server.payer_is_declined(intent.provider_id)))
    process_stored()

    if what == "changed":
        give_units(order, 2)
    elif what == "cancelled":
        cancel_order(order_id=order.pk, actor=SYSTEM, reason=CancelReason.CUSTOMER)
    else:
        confirm_payment(order_id=order.pk, actor=SYSTEM, reference="cash")
    recover_operations()

    intent.refresh_from_db()
    assert (server.intents[intent.provider_id]["status"], intent.status) == ("canceled", "voided")
    asked = len(server.requests)
    recover_operations()
    assert len(server.requests) == asked
    assert_books_are_right()


def test_what_was_declined_stays_while_the_order_waits_for_its_money(server: StripeServer) -> None:
    intent = begin(an_order())
    tell(event("payment_intent.payment_failed", server.payer_is_declined(intent.provider_id)))
    process_stored()

    recover_operations()

    intent.refresh_from_db()
    assert (server.intents[intent.provider_id]["status"], intent.status) == ("requires_payment_method", "failed")


def test_what_stripe_never_made_is_not_voided(server: StripeServer) -> None:
    order = an_order("0.05")
    intent = begin(order, method="never_heard_of")
    cancel_order(order_id=order.pk, actor=SYSTEM, reason=CancelReason.CUSTOMER)

    recover_operations()

    intent.refresh_from_db()
    assert (intent.status, intent.provider_id) == ("failed", "")
    assert not IntentOperation.objects.filter(kind="void").exists()


def test_staff_capture_a_part_and_the_rest_is_given_up(server: StripeServer) -> None:
    order = an_order("50.00")
    intent = begin(order, capture=Capture.MANUAL)
    tell(event("payment_intent.amount_capturable_updated", server.payer_confirms(intent.provider_id)))
    process_stored()

    done = capture_intent(intent_id=intent.pk, actor=SYSTEM, amount=Decimal(20))

    assert (done.status, done.authorised_amount, done.captured_amount) == ("captured", 50, 20)
    assert state(order) == ("PENDING", "PENDING")
    assert Payment.objects.get(order=order).status == "UNDERPAID"


def test_a_refund_is_pending_until_stripe_says_more(server: StripeServer) -> None:
    order = an_order("50.00")
    intent = begin(order)
    tell(event("payment_intent.succeeded", server.payer_confirms(intent.provider_id)))
    process_stored()
    refund = promise(order, Decimal("12.34"), RefundCause.AMOUNT)

    send_refund(refund_id=refund.pk)
    refund.refresh_from_db()
    assert refund.status == RefundStatus.SENT
    [made] = server.refunds.values()
    assert (made["amount"], made["payment_intent"]) == (1234, intent.provider_id)
    tell(event("refund.updated", made | {"status": "succeeded"}))
    process_stored()

    refund.refresh_from_db()
    assert (refund.status, refund.reference) == (RefundStatus.DONE, made["id"])
    assert_books_are_right()


def test_a_500_is_asked_again_under_the_same_key(server: StripeServer) -> None:
    order = an_order()
    server.breaks_next = 500
    intent = begin(order)
    assert (intent.status, intent.provider_id) == ("created", "")

    IntentOperation.objects.update(due_at=database_now())
    recover_operations()

    intent.refresh_from_db()
    assert intent.provider_id in server.intents
    assert len(server.intents) == 1
    assert len({key for method, _path, key, _form in server.requests if method == "POST"}) == 1


def test_a_refusal_is_looked_up(server: StripeServer) -> None:
    """The payer confirmed while staff voided: Stripe refuses, and says when asked that the money is here."""
    order = an_order()
    intent = begin(order)
    server.payer_confirms(intent.provider_id)

    after = void_intent(intent_id=intent.pk, actor=SYSTEM)

    assert after.status == "captured"
    assert state(order) == ("CONFIRMED", "PAID")
    assert IntentOperation.objects.get(kind="void").status == "failed"


def test_a_wrong_key_fails_nobody_s_payment(server: StripeServer, settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = "sk_test_wrong"

    intent = begin(an_order())

    assert intent.status == "created"
    assert "AuthenticationError" in IntentOperation.objects.get().error


@pytest.mark.parametrize("fault", ["secret", "body", "old", "none"])
def test_a_signature_that_does_not_fit_is_refused(server: StripeServer, fault: str) -> None:
    told = event("payment_intent.succeeded", {"object": "payment_intent"})
    moment = int(time.time()) - (3600 if fault == "old" else 0)
    secret = "whsec_another" if fault == "secret" else SECRET
    signature = stripe.WebhookSignature.generate_signature_header(told.decode(), secret, moment)
    headers = {} if fault == "none" else {"Stripe-Signature": signature}

    answer = post_webhook("stripe", told + b" " if fault == "body" else told, **headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_signature")
    assert not WebhookEvent.objects.exists()


def test_events_of_others_are_kept_and_ignored(server: StripeServer) -> None:
    """One Stripe account may serve several systems."""
    tell(event("customer.created", {"object": "customer", "id": "cus_1"}))
    process_stored()

    assert WebhookEvent.objects.get().status == "ignored"


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("1.23", "USD", 123), ("500", "JPY", 500), ("1.230", "KWD", 1230), ("5", "ISK", 500), ("7", "UGX", 700)],
)
def test_amounts_as_stripe_counts_them(amount: str, currency: str, minor: int) -> None:
    assert to_minor(Decimal(amount), currency) == minor
    assert from_minor(minor, currency) == Decimal(amount)


@pytest.mark.parametrize(("amount", "currency"), [("0.5", "JPY"), ("1.234", "KWD"), ("1.005", "USD"), ("0.5", "ISK")])
def test_amounts_that_stripe_cannot_move_are_refused(amount: str, currency: str) -> None:
    with pytest.raises(ProviderRefused):
        to_minor(Decimal(amount), currency)
