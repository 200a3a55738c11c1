"""Money that goes without our asking: refunds made at the provider, refunds that fail after all, disputes."""

import itertools
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from orders.incoming_payments.settled import Unsettled
from orders.models.dispute import Dispute
from orders.models.order import Order
from orders.models.payment import Payment
from orders.models.refund import Refund, RefundCause
from orders.services.orders.advance_order import advance_order
from orders.services.payments.record_dispute import close_dispute
from orders.services.refunds.settle_refund import retry_refund, settle_refund
from payments.models.intent_operation import IntentOperation
from payments.models.payment_intent import PaymentIntent
from payments.models.webhook_event import WebhookEvent
from payments.services.recover_operations import recover_operations
from payments.services.send_refund import send_refund
from shared.actor import SYSTEM
from tests.payments.stripe_server import StripeServer, event
from tests.payments.test_stripe import SECRET, assert_books_are_right, begin, tell
from tests.shop.order_actions import promise
from tests.shop.servers.sandbox import Sandbox, an_order, process_stored, state
from tests.shop.servers.sandbox import begin as begin_in_sandbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(settings: Any) -> Iterator[StripeServer]:
    with StripeServer().open() as server:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_1", SECRET
        settings.STRIPE_API_BASE = server.url
        yield server


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


# Refunds made in the provider's dashboard.


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


# Refunds that fail after they succeeded.


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


# Disputes.


def test_a_dispute_flags_the_order_and_nothing_is_shipped(server: StripeServer) -> None:
    order, intent = paid(server)

    news(
        event("charge.dispute.created", dispute(intent, "needs_response")),
        event("charge.dispute.funds_withdrawn", dispute(intent, "needs_response")),
    )

    order.refresh_from_db()
    found = Dispute.objects.get()
    assert (order.dispute, order.payment_status, found.status, found.funds) == (
        "open",
        "PAID",
        "needs_response",
        "withdrawn",
    )
    assert found.evidence_due_at is not None
    assert kinds(order)[-2:] == ["disputed", "disputed"]
    with pytest.raises(Unsettled) as refusal:
        advance_to_shipped(order)
    assert refusal.value.data["why"] == "disputed"
    order.refresh_from_db()
    assert order.status == "PROCESSING"
    advance_order(order_id=order.pk, status="SHIPPED", actor=SYSTEM, unsettled=True)
    assert_books_are_right()


@pytest.mark.parametrize("end", ["lost", "won"])
def test_a_dispute_ends_the_same_in_whatever_order_it_is_told(server: StripeServer, end: str) -> None:
    order, intent = paid(server)
    steps = [
        event("charge.dispute.created", dispute(intent, "needs_response")),
        event("charge.dispute.funds_withdrawn", dispute(intent, "needs_response")),
        event("charge.dispute.updated", dispute(intent, "under_review")),
        event("charge.dispute.closed", dispute(intent, end)),
    ]
    if end == "won":
        steps.append(event("charge.dispute.funds_reinstated", dispute(intent, end)))
    for order_of_news in itertools.islice(itertools.permutations(steps), 0, None, 11):
        Dispute.objects.all().delete()
        Refund.objects.all().delete()
        Payment.objects.filter(order=order).update(refunded_amount=0, status="PAID")
        Order.objects.filter(pk=order.pk).update(dispute="", payment_status="PAID")
        WebhookEvent.objects.all().delete()

        news(*order_of_news)

        order.refresh_from_db()
        assert (order.dispute, Dispute.objects.get().status) == (end, end)
        assert order.payment_status == ("REFUNDED" if end == "lost" else "PAID")
        uncancelled = [row for row in refunds(order) if row[1] != "CANCELLED"]
        assert uncancelled == ([("dispute", "DONE", 50)] if end == "lost" else [])
        assert_books_are_right()


def test_money_of_a_lost_dispute_that_comes_again_is_here(server: StripeServer) -> None:
    order, intent = paid(server)
    news(event("charge.dispute.closed", dispute(intent, "lost", 2000)))
    assert state(order) == ("CONFIRMED", "PARTIALLY_REFUNDED")

    news(event("charge.dispute.funds_reinstated", dispute(intent, "lost", 2000)))

    assert state(order) == ("CONFIRMED", "PAID")
    assert refunds(order) == [("dispute", "CANCELLED", 20)]
    assert Payment.objects.get(order=order).refunded_amount == 0
    assert_books_are_right()


def test_an_inquiry_that_is_closed_has_cost_nothing(server: StripeServer) -> None:
    order, intent = paid(server)

    news(
        event("charge.dispute.created", dispute(intent, "warning_needs_response")),
        event("charge.dispute.closed", dispute(intent, "warning_closed")),
    )

    assert state(order) == ("CONFIRMED", "PAID")
    assert (Dispute.objects.get().status, refunds(order)) == ("won", [])


def test_a_dispute_about_what_went_back_already_takes_nothing_twice(server: StripeServer) -> None:
    order, intent = paid(server)
    news(event("refund.created", server.refund_in_dashboard(intent.provider_id, 4000)))

    news(event("charge.dispute.closed", dispute(intent, "lost")))

    assert refunds(order) == [("provider", "DONE", 40), ("dispute", "DONE", 10)]
    assert state(order) == ("CONFIRMED", "REFUNDED")
    assert_books_are_right()


def test_disputes_of_others_are_none_of_ours(server: StripeServer) -> None:
    _order, intent = paid(server)

    news(event("charge.dispute.created", dispute(intent, "needs_response", payment_intent="pi_of_others")))

    assert not Dispute.objects.exists()
    assert WebhookEvent.objects.order_by("-id")[0].status == "ignored"


def test_stripe_away_while_the_refunds_are_asked_for_is_asked_again(server: StripeServer) -> None:
    order, intent = paid(server)
    server.refund_in_dashboard(intent.provider_id, 1000)
    server.breaks_next = 500

    news(event("charge.refunded", server.charge_of(intent.provider_id)))
    assert WebhookEvent.objects.order_by("-id")[0].status == "failed"
    WebhookEvent.objects.update(received_at="2020-01-01T00:00:00Z")
    recover_operations()

    assert refunds(order) == [("provider", "DONE", 10)]


# The sandbox's books say the same.


@pytest.mark.parametrize("won", [True, False])
def test_the_sandbox_refunds_and_disputes_by_itself(sandbox: Sandbox, won: bool) -> None:
    refunded, disputed = an_order("20.00"), an_order("30.00")
    intents = [begin_in_sandbox(order) for order in (refunded, disputed)]
    sandbox.tell_all()
    books = sandbox.books
    made = books.change(lambda: books.refund(intents[0].provider_id, "5.00", {}))
    opened = books.change(lambda: books.dispute(intents[1].provider_id, "30.00"))
    books.change(lambda: books.dispute_over(opened, won=won))

    sandbox.tell_all()
    books.change(lambda: books.refund_fails(made["id"]))
    sandbox.tell_all()

    assert refunds(refunded) == [("provider", "FAILED", 5)]
    assert state(disputed) == ("CONFIRMED", "PAID" if won else "REFUNDED")
    assert_books_are_right()


def advance_to_shipped(order: Order) -> None:
    order.refresh_from_db()
    for status in ("PROCESSING", "SHIPPED"):
        if order.status != status:
            advance_order(order_id=order.pk, status=status, actor=SYSTEM)
