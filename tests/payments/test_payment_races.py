"""Money, cancelling, the deadline and the provider's news meet at one moment: one order, one outcome, no money lost."""

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from orders.models.order import Order
from orders.models.payment import Payment
from orders.services.orders.cancel_order import cancel_order
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.upkeep.audit_books import audit_books
from orders.states import CancelReason
from payments.models.intent_operation import IntentOperation
from payments.models.payment_intent import Capture, PaymentIntent
from payments.models.webhook_event import WebhookEvent
from payments.sandbox.signing import sign
from payments.services.change_intent import capture_intent
from payments.services.create_intent import create_intent
from payments.services.process_webhook import process_webhook
from payments.services.receive_webhook import receive_webhook
from payments.services.recover_operations import recover_operations
from payments.services.send_refund import send_refund
from shared.actor import SYSTEM
from tests.shop.database.races import run_together
from tests.shop.order_actions import promise
from tests.shop.servers.sandbox import SECRET, Sandbox, an_order, begin, books_agree, received, state

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_webhook_eight_times_at_once_is_kept_and_counted_once(sandbox: Sandbox) -> None:
    order = an_order()
    sandbox.payer(begin(order, "card_3ds"), "pay")
    event = sandbox.events()[-1]
    body = json.dumps(event).encode()
    headers = sign(body, event_id=event["id"], timestamp=int(time.time()), secret=SECRET)

    kept = run_together(*[partial(receive_webhook, provider="sandbox", body=body, headers=headers)] * 8)
    [webhook] = WebhookEvent.objects.all()
    run_together(*[partial(process_webhook, webhook_id=webhook.pk)] * 8)

    assert sorted(found is None for found in kept) == [False] + [True] * 7
    assert received(order) == 119
    assert state(order) == ("CONFIRMED", "PAID")
    all_is_well(sandbox)


def test_paying_by_hand_cancelling_expiring_and_the_webhook(sandbox: Sandbox) -> None:
    for first in range(4):
        order = an_order("100.00")
        Order.objects.filter(pk=order.pk).update(payment_expires_at=order.created_at)
        sandbox.payer(begin(order, "card_3ds"), "pay")
        webhook = keep_last(sandbox)
        deeds: list[Callable[[], Any]] = [
            partial(confirm_payment, order_id=order.pk, actor=SYSTEM, reference="wire-1"),
            partial(cancel_order, order_id=order.pk, actor=SYSTEM, reason=CancelReason.STAFF),
            expire_unpaid_orders,
            partial(process_webhook, webhook_id=webhook.pk),
        ]

        run_together(*deeds[first:], *deeds[:first])

        assert received(order) == 200, "both payments are on record"
        status, payment_status = state(order)
        used = set(Payment.objects.filter(order=order).values_list("status", flat=True))
        if status == "CONFIRMED":
            assert (payment_status, used) == ("PAID", {"PAID", "REFUND_DUE"})
        else:
            assert (status, payment_status, used) == ("CANCELLED", "REFUND_DUE", {"REFUND_DUE"})
    all_is_well(sandbox)


def test_capturing_and_cancelling(sandbox: Sandbox) -> None:
    order = an_order()
    intent = begin(order, capture=Capture.MANUAL)

    run_together(
        partial(capture_intent, intent_id=intent.pk, actor=SYSTEM),
        partial(capture_intent, intent_id=intent.pk, actor=SYSTEM),
        partial(cancel_order, order_id=order.pk, actor=SYSTEM, reason=CancelReason.CUSTOMER),
    )
    recover_operations()

    assert state(order) in {("CONFIRMED", "PAID"), ("CANCELLED", "REFUND_DUE"), ("CANCELLED", "PENDING")}
    assert received(order) == sandbox.captured()
    assert sandbox.captured() in {0, 119}
    all_is_well(sandbox)


def test_an_impatient_payer_begins_once(sandbox: Sandbox) -> None:
    order = an_order()

    begun = run_together(
        *[partial(create_intent, order_id=order.pk, actor=SYSTEM, provider="sandbox", method="card_3ds")] * 8
    )

    assert len({found.intent.pk for found in begun}) == 1  # type: ignore[union-attr]
    assert len(sandbox.books.everything()["intents"]) == PaymentIntent.objects.count() == 1


def test_a_refund_asked_for_by_eight_goes_back_once(sandbox: Sandbox) -> None:
    order = an_order("40.00")
    begin(order)
    refund = promise(order, received(order))

    run_together(*[partial(send_refund, refund_id=refund.pk)] * 8)

    refund.refresh_from_db()
    assert refund.status == "DONE"
    assert sandbox.refunded() == 40
    assert IntentOperation.objects.filter(refund=refund).count() == 1
    all_is_well(sandbox)


def test_the_worker_s_recoveries_may_run_beside_each_other(sandbox: Sandbox) -> None:
    orders = [an_order("30.93") for _ in range(4)]  # the provider does it and answers with a 500
    for order in orders:
        begin(order)
    IntentOperation.objects.update(due_at="2024-01-01T00:00:00Z")

    run_together(*[recover_operations] * 4)

    assert (
        sandbox.captured() == sum(received(order) for order in orders)
        or IntentOperation.objects.filter(status="sent").exists()
    ), "an operation without an answer stays open"
    for event in sandbox.events():
        sandbox.tell(event)
    recover_operations(grace=-(recover_operations.__kwdefaults__ or {})["grace"])
    assert {state(order) for order in orders} == {("CONFIRMED", "PAID")}
    all_is_well(sandbox)


def keep_last(sandbox: Sandbox) -> WebhookEvent:
    sandbox.tell(sandbox.events()[-1])
    return WebhookEvent.objects.latest("id")


def all_is_well(sandbox: Sandbox) -> None:
    books_agree(sandbox)
    wrong = [(found.check.name, found.rows) for found in audit_books() if found.count and found.check.is_discrepancy]
    assert wrong == []
