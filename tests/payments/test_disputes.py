"""A payer has the bank take money back: the order is flagged, nothing is shipped, and the end is booked once."""

import itertools

import pytest

from orders.incoming_payments.settled import Unsettled
from orders.models.dispute import Dispute
from orders.models.order import Order
from orders.models.payment import Payment
from orders.models.refund import Refund
from orders.services.orders.advance_order import advance_order
from payments.models.webhook_event import WebhookEvent
from shared.actor import SYSTEM
from tests.payments.stripe_orders import assert_books_are_right, dispute, kinds, news, paid, refunds
from tests.payments.stripe_server import StripeServer, event
from tests.shop.servers.sandbox import Sandbox, an_order, state
from tests.shop.servers.sandbox import begin as begin_in_sandbox

pytestmark = pytest.mark.django_db(transaction=True)


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
