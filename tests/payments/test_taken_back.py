"""Money that goes without our asking: refunds made at the provider, refunds that fail after all, disputes."""

from decimal import Decimal

import pytest

from orders.incoming_payments.settled import Unsettled
from orders.models.dispute import Dispute
from orders.models.order import Order
from orders.models.payment import Payment
from orders.models.refund import Refund, RefundCause
from orders.services.payments.record_dispute import close_dispute
from orders.services.refunds.settle_refund import retry_refund, settle_refund
from payments.models.intent_operation import IntentOperation
from payments.models.webhook_event import WebhookEvent
from payments.services.recover_operations import recover_operations
from payments.services.send_refund import send_refund
from shared.actor import SYSTEM
from tests.payments.stripe_orders import assert_books_are_right, begin, kinds, news, paid, refunds
from tests.payments.stripe_server import StripeServer, event
from tests.payments.test_disputes import advance_to_shipped
from tests.shop.order_actions import promise
from tests.shop.servers.sandbox import an_order, state

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_refund_made_at_stripe_is_the_order_s_once_however_it_is_told_of(server: StripeServer) -> None:
    order, intent = paid(server)
    made = server.refund_in_dashboard(intent.provider_id, 5000)
    charge = server.charge_of(intent.provider_id)
    told = [event("refund.created", made), event("charge.refunded", charge), event("refund.updated", made)]

    for body in (*told, *reversed(told)):
        news(body)

    assert refunds(order) == [("provider", "DONE", 50)]
    assert state(order) == ("CONFIRMED", "REFUNDED")
    assert Refund.objects.get().reference == made["id"]
    assert kinds(order) == ["placed", "paid", "refunded"]
    assert not IntentOperation.objects.filter(kind="refund").exists(), "Stripe is not asked to give it back again"
    with pytest.raises(Unsettled):
        advance_to_shipped(order)
    assert_books_are_right()


def test_only_the_sum_is_told_and_stripe_is_asked_which_refunds_it_was(server: StripeServer) -> None:
    order, intent = paid(server)
    for minor in (1000, 1500):
        server.refund_in_dashboard(intent.provider_id, minor)

    news(event("charge.refunded", server.charge_of(intent.provider_id)))

    assert refunds(order) == [("provider", "DONE", 10), ("provider", "DONE", 15)]
    assert state(order) == ("CONFIRMED", "PARTIALLY_REFUNDED")
    assert_books_are_right()


def test_a_refund_is_told_of_before_the_money_that_it_gives_back(server: StripeServer) -> None:
    order = an_order("50.00")
    intent = begin(order)
    succeeded = event("payment_intent.succeeded", server.payer_confirms(intent.provider_id))
    made = server.refund_in_dashboard(intent.provider_id, 2000)

    news(event("refund.created", made), succeeded)

    assert (state(order), refunds(order)) == (("CONFIRMED", "PARTIALLY_REFUNDED"), [("provider", "DONE", 20)])
    assert_books_are_right()


def test_a_refund_that_staff_had_begun_here_is_the_one_that_they_made_at_stripe(server: StripeServer) -> None:
    order, intent = paid(server)
    ours = promise(order, Decimal(20), RefundCause.AMOUNT)

    news(event("refund.created", server.refund_in_dashboard(intent.provider_id, 2000)))
    send_refund(refund_id=ours.pk)

    assert refunds(order) == [("amount", "DONE", 20)]
    assert sum(refund["amount"] for refund in server.refunds.values()) == 2000
    assert_books_are_right()


def test_more_given_back_than_our_books_have_is_for_staff(server: StripeServer) -> None:
    """Staff had paid one out by bank transfer, and somebody gave all back at Stripe, too."""
    order, intent = paid(server)
    ours = promise(order, Decimal(20), RefundCause.AMOUNT)
    Payment.objects.filter(order=order).update(provider="manual")
    settle_refund(refund_id=ours.pk, actor=SYSTEM)
    Payment.objects.filter(order=order).update(provider="stripe")

    news(event("refund.created", server.refund_in_dashboard(intent.provider_id, 5000)))

    assert refunds(order) == [("amount", "DONE", 20), ("provider", "DONE", 30)]
    case = Dispute.objects.get()
    assert (case.kind, case.amount, case.closed_at) == ("over_refund", 20, None)
    order.refresh_from_db()
    assert (order.dispute, kinds(order)[-1]) == ("open", "disputed")
    close_dispute(dispute_id=case.pk, actor=SYSTEM, note="the customer sent it back")
    order.refresh_from_db()
    assert order.dispute == ""
    assert_books_are_right()


def test_yen_go_back_in_whole_units(server: StripeServer) -> None:
    order = an_order("1000")
    Order.objects.filter(pk=order.pk).update(currency="JPY")
    order.refresh_from_db()
    intent = begin(order)
    news(event("payment_intent.succeeded", server.payer_confirms(intent.provider_id)))

    news(event("refund.created", server.refund_in_dashboard(intent.provider_id, 400)))

    assert refunds(order) == [("provider", "DONE", 400)]


def test_what_was_paid_twice_goes_back_at_stripe_without_touching_what_counts(server: StripeServer) -> None:
    order = an_order("50.00")
    first, second = begin(order), begin(order, method="card")
    for intent in (first, second):
        news(event("payment_intent.succeeded", server.payer_confirms(intent.provider_id)))

    news(event("refund.created", server.refund_in_dashboard(second.provider_id, 5000)))

    assert (state(order), refunds(order)) == (("CONFIRMED", "PAID"), [("overpayment", "DONE", 50)])
    assert_books_are_right()


@pytest.mark.parametrize("by_us", [True, False])
def test_a_refund_that_was_paid_out_fails_after_all(server: StripeServer, by_us: bool) -> None:
    order, intent = paid(server)
    if by_us:
        send_refund(refund_id=promise(order, Decimal(50), RefundCause.AMOUNT).pk)
        [made] = server.refunds.values()
    else:
        made = server.refund_in_dashboard(intent.provider_id, 5000)
    done = event("refund.updated", made | {"status": "succeeded"})
    failed = event("refund.failed", made | {"status": "failed", "failure_reason": "expired_or_canceled_card"})

    news(done, failed, done)

    refund = Refund.objects.get()
    assert (refund.status, refund.failure, refund.done_at) == ("FAILED", "expired_or_canceled_card", None)
    assert_books_are_right()
    made["status"] = "failed"
    retry_refund(refund_id=refund.pk, actor=SYSTEM)
    send_refund(refund_id=refund.pk)
    again = list(server.refunds.values())[-1]
    news(failed, event("refund.updated", again | {"status": "succeeded"}), failed)
    refund.refresh_from_db()
    assert (refund.status, refund.reference, len(server.refunds)) == ("DONE", again["id"], 2)
    assert_books_are_right()


def test_stripe_away_while_the_refunds_are_asked_for_is_asked_again(server: StripeServer) -> None:
    order, intent = paid(server)
    server.refund_in_dashboard(intent.provider_id, 1000)
    server.breaks_next = 500

    news(event("charge.refunded", server.charge_of(intent.provider_id)))
    assert WebhookEvent.objects.order_by("-id")[0].status == "failed"
    WebhookEvent.objects.update(received_at="2020-01-01T00:00:00Z")
    recover_operations()

    assert refunds(order) == [("provider", "DONE", 10)]
