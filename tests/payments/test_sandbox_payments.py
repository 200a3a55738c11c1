"""Paying through a provider that behaves like a real one."""

from decimal import Decimal

import pytest
from django.db.models import F

from inventory.models.level import StockLevel
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.models.order_item import OrderItem
from orders.models.payment import Payment, PaymentMatch, PaymentRecordStatus
from orders.services.orders.cancel_order import cancel_order
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.upkeep.audit_books import audit_books
from orders.states import CancelReason
from payments.models.intent_operation import IntentOperation, OperationStatus
from payments.models.payment_intent import Capture
from payments.models.webhook_event import WebhookEvent, WebhookStatus
from payments.services.change_intent import IntentNotOpen, capture_intent, void_intent
from payments.services.create_intent import NothingDue, create_intent
from payments.services.recover_operations import recover_operations
from shared.actor import SYSTEM
from shared.clock import database_now
from shared.errors import InvalidInput
from tests.shop.goods import restock
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.servers.sandbox import Sandbox, an_order, begin, books_agree, received, state

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_card_pays_at_once_and_webhooks_add_nothing(sandbox: Sandbox) -> None:
    order = an_order("50.00")

    intent = begin(order)
    sandbox.tell_all()
    sandbox.tell_all()

    assert (intent.status, intent.captured_amount) == ("captured", 50)
    assert state(order) == ("CONFIRMED", "PAID")
    [payment] = Payment.objects.filter(order=order)
    assert (payment.provider, payment.method, payment.intent_id) == ("sandbox", "card", intent.pk)
    assert (payment.match, payment.status, payment.reference) == ("exact", "PAID", intent.provider_id)
    assert set(WebhookEvent.objects.values_list("status", flat=True)) == {"processed"}
    assert_all_is_well(sandbox)


def test_pressing_twice_begins_once(sandbox: Sandbox) -> None:
    order = an_order()

    first, second = (
        create_intent(order_id=order.pk, actor=SYSTEM, provider="sandbox", method="card_3ds") for _ in range(2)
    )

    assert (first.is_new, second.is_new) == (True, False)
    assert first.intent.pk == second.intent.pk
    assert first.intent.action_url.startswith(sandbox.url)
    assert len(sandbox.books.everything()["intents"]) == 1


def test_a_payer_is_asked_first_and_then_pays(sandbox: Sandbox) -> None:
    order = an_order()
    intent = begin(order, "card_3ds")
    assert state(order) == ("PENDING", "PENDING")

    sandbox.payer(intent, "pay")
    sandbox.tell_all()

    assert state(order) == ("CONFIRMED", "PAID")
    intent.refresh_from_db()
    assert intent.action_url == ""
    assert_all_is_well(sandbox)


@pytest.mark.parametrize("how", ["by method", "by amount", "by the payer"])
def test_a_declined_payment_leaves_the_order_payable(sandbox: Sandbox, how: str) -> None:
    order = an_order("20.91" if how == "by amount" else "20.00")
    intent = begin(order, {"by method": "card_declined", "by the payer": "card_3ds"}.get(how, "card"))
    if how == "by the payer":
        sandbox.payer(intent, "decline")
    sandbox.tell_all()
    intent.refresh_from_db()

    assert (intent.status, bool(intent.failure)) == ("failed", True)
    assert state(order) == ("PENDING", "FAILED")
    assert order.events.filter(kind=EventKind.PAYMENT_FAILED).count() == 1
    assert expire_unpaid_orders(now=order.payment_expires_at) == 1
    assert state(order) == ("CANCELLED", "FAILED")
    assert_all_is_well(sandbox)


def test_after_a_failure_another_way_pays(sandbox: Sandbox) -> None:
    order = an_order()
    begin(order, "card_declined")

    begin(order, "card")

    assert state(order) == ("CONFIRMED", "PAID")
    assert_all_is_well(sandbox)


def test_staff_capture_in_parts_and_the_parts_pay_together(sandbox: Sandbox) -> None:
    order = an_order("100.00")
    intent = begin(order, capture=Capture.MANUAL)
    assert (intent.status, intent.authorised_amount) == ("authorised", 100)

    capture_intent(intent_id=intent.pk, actor=SYSTEM, amount=Decimal(30))
    assert state(order) == ("PENDING", "PENDING")
    assert Payment.objects.get(order=order).status == PaymentRecordStatus.UNDERPAID
    with pytest.raises(InvalidInput):
        capture_intent(intent_id=intent.pk, actor=SYSTEM, amount=Decimal("70.01"))
    capture_intent(intent_id=intent.pk, actor=SYSTEM)

    assert state(order) == ("CONFIRMED", "PAID")
    parts = Payment.objects.filter(order=order).order_by("id")
    assert [(part.amount, part.status, part.is_partial) for part in parts] == [(30, "PAID", True), (70, "PAID", True)]
    assert_all_is_well(sandbox)


def test_what_is_voided_is_never_captured(sandbox: Sandbox) -> None:
    order = an_order()
    intent = begin(order, capture=Capture.MANUAL)

    assert void_intent(intent_id=intent.pk, actor=SYSTEM).status == "voided"
    with pytest.raises(IntentNotOpen):
        capture_intent(intent_id=intent.pk, actor=SYSTEM)

    sandbox.tell_all()
    assert state(order) == ("PENDING", "PENDING")
    assert sandbox.captured() == 0


def test_a_transfer_of_too_little_waits_for_the_rest(sandbox: Sandbox) -> None:
    order = an_order("100.00")
    intent = begin(order, "bank_transfer")

    sandbox.payer(intent, "pay", amount="60.00")
    sandbox.tell_all()
    assert state(order) == ("PENDING", "PENDING")
    sandbox.payer(intent, "pay", amount="45.00")
    sandbox.tell_all()

    assert state(order) == ("CONFIRMED", "PAID")
    rest = Payment.objects.filter(order=order).latest("id")
    assert (rest.match, rest.excess_amount, rest.is_partial) == (PaymentMatch.OVER, 5, True)
    assert_all_is_well(sandbox)


@pytest.mark.parametrize("ending", ["expired", "cancelled"])
def test_too_little_goes_back_when_the_order_ends(sandbox: Sandbox, ending: str) -> None:
    order = an_order("100.00")
    sandbox.payer(begin(order, "bank_transfer"), "pay", amount="60.00")
    sandbox.tell_all()

    if ending == "expired":
        expire_unpaid_orders(now=order.payment_expires_at)
    else:
        cancel_order(order_id=order.pk, actor=SYSTEM, reason=CancelReason.STAFF)

    assert state(order) == ("CANCELLED", "REFUND_DUE")
    assert Payment.objects.get(order=order).status == PaymentRecordStatus.REFUND_DUE
    assert_all_is_well(sandbox)


def test_money_that_comes_late_revives_the_order_or_goes_back(sandbox: Sandbox) -> None:
    order, without_stock = an_order("100.00"), an_order("100.00", on_hand=1)
    intents = [begin(each, "bank_transfer") for each in (order, without_stock)]
    Order.objects.update(payment_expires_at=F("created_at"))
    assert expire_unpaid_orders() == 2
    other = StockLevel.objects.get(variant=OrderItem.objects.get(order=without_stock).variant_id)
    take_the_last(other)

    for intent in intents:
        sandbox.payer(intent, "pay")
    sandbox.tell_all()

    assert state(order) == ("CONFIRMED", "PAID")
    assert state(without_stock) == ("CANCELLED", "REFUND_DUE")
    assert {payment.match for payment in Payment.objects.all()} == {PaymentMatch.LATE}
    assert_all_is_well(sandbox)


def test_a_second_payment_is_marked_as_such(sandbox: Sandbox) -> None:
    order = an_order()
    transfer = begin(order, "bank_transfer")
    begin(order, "card")

    sandbox.payer(transfer, "pay")
    sandbox.tell_all()

    assert state(order) == ("CONFIRMED", "PAID")
    second = Payment.objects.get(order=order, method="bank_transfer")
    assert (second.status, second.match) == (PaymentRecordStatus.REFUND_DUE, PaymentMatch.DUPLICATE)
    with pytest.raises(NothingDue):
        begin(order, "card_3ds")
    assert_all_is_well(sandbox)


def test_an_intent_that_nobody_needs_is_voided(sandbox: Sandbox) -> None:
    order = an_order()
    authorised = begin(order, capture=Capture.MANUAL)
    cancel_order(order_id=order.pk, actor=SYSTEM, reason=CancelReason.CUSTOMER)

    assert recover_operations()["voided"] == 1

    authorised.refresh_from_db()
    assert authorised.status == "voided"
    assert recover_operations()["voided"] == 0


@pytest.mark.parametrize("total", ["30.92", "30.93"])
def test_a_provider_whose_answer_is_lost_is_asked_again_and_does_it_once(sandbox: Sandbox, total: str) -> None:
    """30.92: the connection breaks after the deed; 30.93: a 500 after it."""
    order = an_order(total)
    intent = begin(order)
    operation = IntentOperation.objects.get(intent=intent)
    assert (intent.status, operation.status) == ("created", OperationStatus.SENT)

    sandbox.tell_all()
    assert state(order) == ("CONFIRMED", "PAID")
    IntentOperation.objects.update(due_at=database_now())
    recover_operations()

    assert received(order) == Decimal(total)
    assert len(sandbox.books.everything()["intents"]) == 1
    assert_all_is_well(sandbox)


def test_a_webhook_with_a_bad_signature_is_refused_and_not_kept(sandbox: Sandbox) -> None:
    begin(an_order())
    event = sandbox.events()[0]

    wrong = [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": ""},
        {"webhook-timestamp": "1"},
        {"webhook-id": "another"},
    ]

    for headers in wrong:
        answer = sandbox.tell(event, **headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_signature")
    assert not WebhookEvent.objects.exists()
    assert sandbox.tell(event).json() == {"received": True, "duplicate": False}
    assert sandbox.tell(event).json() == {"received": True, "duplicate": True}
    assert WebhookEvent.objects.get().status == WebhookStatus.STORED


def test_a_signed_webhook_of_nonsense_is_kept_and_says_what_is_wrong(sandbox: Sandbox) -> None:
    sandbox.tell({"id": "se_1", "type": "intent.captured", "data": {"id": "x"}})
    sandbox.tell({"id": "se_2", "type": "weather.changed", "data": {}})

    recover_operations(grace=-(recover_operations.__kwdefaults__ or {})["grace"])

    found = dict(WebhookEvent.objects.values_list("event_id", "status"))
    assert found == {"se_1": WebhookStatus.FAILED, "se_2": WebhookStatus.IGNORED}
    assert "KeyError" in WebhookEvent.objects.get(event_id="se_1").error


def take_the_last(level: StockLevel) -> None:
    """Somebody else buys what the expired order gave back."""
    restock(level.pk)
    order_of(make_buyer(), (level, 1))


def assert_all_is_well(sandbox: Sandbox) -> None:
    books_agree(sandbox)
    assert [
        (found.check.name, found.rows) for found in audit_books() if found.count and found.check.is_discrepancy
    ] == []
