"""A process is killed at every point between our books and the provider's: money is neither lost nor doubled.

Afterwards the worker's job runs, as it does every minute, and both books must tell of the same money.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from orders.models.order import Order
from orders.models.payment import Payment
from orders.services.upkeep.audit_books import audit_books
from orders.states import RefundStatus
from payments.models.intent_operation import IntentOperation, OperationStatus
from payments.models.payment_intent import Capture, PaymentIntent
from payments.models.webhook_event import WebhookEvent
from payments.sandbox.signing import sign
from payments.services.recover_operations import recover_operations
from shared.clock import database_now
from tests.payments.stopping import Forker, Wire, kill, stopping_at
from tests.shop.order_actions import promise
from tests.shop.servers.sandbox import SECRET, Sandbox, an_order, begin, books_agree, received, state

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = timedelta(0)

# Where the process stands when it is killed, in the order in which it gets there.
PLANNED = ("planned, not sent", partial(stopping_at, "payments_operation", "UPDATE", "NEW.status = 'sent'"))
SENT = ("sent, never arrived", "request")
ANSWERED = ("done by the provider, answer lost", "answer")
WRITING = (
    "answer read, not written",
    partial(stopping_at, "payments_operation", "UPDATE", "NEW.status IN ('done', 'failed')"),
)
BOOKING = ("half written", partial(stopping_at, "orders_payment", "INSERT", "true"))
POINTS = [PLANNED, SENT, ANSWERED, WRITING, BOOKING]
REFUND_POINTS = [
    PLANNED,
    ("claimed, refund not marked", partial(stopping_at, "orders_refund", "UPDATE", "NEW.status = 'SENT'")),
    SENT,
    ANSWERED,
    ("paid out, order not told", partial(stopping_at, "orders_refund", "UPDATE", "NEW.status = 'DONE'")),
    WRITING,
]
Point = tuple[str, Any]


@pytest.fixture(scope="module")
def forker(django_db_setup: None, django_db_blocker: Any) -> Iterator[Forker]:
    with django_db_blocker.unblock():
        process = Forker()
    yield process
    process.close()


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point[0])
def test_paying_survives_a_kill(sandbox: Sandbox, forker: Forker, point: Point) -> None:
    order = an_order("40.00")

    killed_at(
        point,
        sandbox,
        forker,
        "payments.services.create_intent:create_intent",
        order_id=order.pk,
        actor="SYSTEM",
        provider="sandbox",
        method="card",
    )
    assert state(order) == ("PENDING", "PENDING")
    recover()

    assert state(order) == ("CONFIRMED", "PAID")
    assert sandbox.captured() == received(order) == 40
    all_is_well(sandbox)


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point[0])
def test_capturing_survives_a_kill(sandbox: Sandbox, forker: Forker, point: Point) -> None:
    order = an_order("40.00")
    intent = begin(order, capture=Capture.MANUAL)

    killed_at(
        point,
        sandbox,
        forker,
        "payments.services.change_intent:capture_intent",
        intent_id=intent.pk,
        actor="SYSTEM",
    )
    recover()

    assert state(order) == ("CONFIRMED", "PAID")
    assert sandbox.captured() == received(order) == 40
    all_is_well(sandbox)


@pytest.mark.parametrize("point", REFUND_POINTS, ids=lambda point: point[0])
def test_refunding_survives_a_kill(sandbox: Sandbox, forker: Forker, point: Point) -> None:
    order = an_order("40.00")
    begin(order)
    refund = promise(order, Decimal("15.00"))

    killed_at(point, sandbox, forker, "payments.services.send_refund:send_refund", refund_id=refund.pk)
    recover()

    refund.refresh_from_db()
    assert refund.status == RefundStatus.DONE
    assert sandbox.refunded() == Payment.objects.get(order=order).refunded_amount == 15
    all_is_well(sandbox)


@pytest.mark.parametrize(
    ("where", "stop"),
    [
        ("before it is kept", partial(stopping_at, "payments_webhook_event", "INSERT", "true")),
        ("kept, its job not queued", partial(stopping_at, "procrastinate_jobs", "INSERT", "true")),
    ],
)
def test_a_webhook_is_acknowledged_only_when_it_is_kept(
    sandbox: Sandbox, forker: Forker, where: str, stop: Callable[[], AbstractContextManager[Any]]
) -> None:
    order, event, headers, body = paid_elsewhere(sandbox)

    with stop() as place:
        process = forker.start(
            "payments.services.receive_webhook:receive_webhook",
            sandbox.url,
            provider="sandbox",
            body=body,
            headers=headers,
        )
        place.wait_until_reached()
        kill(process)
    assert not WebhookEvent.objects.exists(), where
    sandbox.tell(event)  # nobody acknowledged it, so the provider sends it again
    recover()

    assert state(order) == ("CONFIRMED", "PAID")
    all_is_well(sandbox)


@pytest.mark.parametrize(
    ("table", "event", "condition"),
    [
        ("payments_webhook_event", "UPDATE", "NEW.status = 'processed'"),
        ("payments_intent", "UPDATE", "true"),
        ("orders_payment", "INSERT", "true"),
        ("orders_order", "UPDATE", "NEW.status = 'CONFIRMED'"),
        ("inventory_stock_level", "UPDATE", "true"),
    ],
)
def test_a_webhook_that_was_kept_is_processed_once(
    sandbox: Sandbox, forker: Forker, table: str, event: str, condition: str
) -> None:
    order, webhook, *_ = paid_elsewhere(sandbox)
    sandbox.tell(webhook)
    kept = WebhookEvent.objects.get()

    with stopping_at(table, event, condition) as place:
        process = forker.start(
            "payments.services.process_webhook:process_webhook", sandbox.url, webhook_id=str(kept.pk)
        )
        place.wait_until_reached()
        kill(process)
    assert state(order) == ("PENDING", "PENDING")
    recover()

    kept.refresh_from_db()
    assert (kept.status, received(order)) == ("processed", 40)
    assert state(order) == ("CONFIRMED", "PAID")
    all_is_well(sandbox)


def killed_at(point: Point, sandbox: Sandbox, forker: Forker, call: str, **arguments: Any) -> None:
    """Run the call in a process of its own, and kill it when it stands there."""
    _name, where = point
    with ExitStack() as stack:
        if isinstance(where, str):
            place: Any = stack.enter_context(Wire(sandbox.url, where).open())
            url = place.url
        else:
            place, url = stack.enter_context(where()), sandbox.url
        process = forker.start(call, url, **arguments)
        place.wait_until_reached()
        kill(process)


def recover() -> None:
    """As the worker does, with no time to lose."""
    IntentOperation.objects.filter(status__in=["planned", "sent"]).update(due_at=database_now())
    recover_operations(grace=AT_ONCE)
    assert not IntentOperation.objects.filter(status__in=[OperationStatus.PLANNED, OperationStatus.SENT]).exists()


def paid_elsewhere(sandbox: Sandbox) -> tuple[Order, dict[str, Any], dict[str, str], str]:
    """An order whose payer has just paid on the provider's page, the webhook that tells of it, and as it is sent."""
    order = an_order("40.00")
    sandbox.payer(PaymentIntent.objects.get(pk=begin(order, "card_3ds").pk), "pay")
    event = sandbox.events()[-1]
    body = json.dumps(event)
    headers = sign(body.encode(), event_id=event["id"], timestamp=int(time.time()), secret=SECRET)
    return order, event, headers, body


def all_is_well(sandbox: Sandbox) -> None:
    books_agree(sandbox)
    assert sandbox.refunded() == sum((payment.refunded_amount for payment in Payment.objects.all()), Decimal(0))
    assert [
        (found.check.name, found.rows) for found in audit_books() if found.count and found.check.is_discrepancy
    ] == []
