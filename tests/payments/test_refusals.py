"""Refusals of services of payments: while a provider works, and what is a provider's to do."""

from decimal import Decimal

import pytest
from django.db import transaction

from orders.services.refunds.settle_refund import ProviderPaysOut, settle_refund
from payments.models.intent_operation import OperationKind
from payments.models.payment_intent import Capture
from payments.operations.planning import plan
from payments.services.change_intent import IntentBusy, IntentNotFound, capture_intent, void_intent
from payments.services.create_intent import IntentOpen, create_intent
from shared.actor import SYSTEM
from shared.clock import database_now
from shared.ids import new_id
from tests.shop.order_actions import promise
from tests.shop.servers.sandbox import Sandbox, an_order, begin, state

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_intent_that_is_not_there_is_neither_captured_nor_voided() -> None:
    for change in (capture_intent, void_intent):
        with pytest.raises(IntentNotFound):
            change(intent_id=new_id(), actor=SYSTEM)


def test_while_the_provider_has_not_answered_an_intent_is_not_changed(sandbox: Sandbox) -> None:
    intent = begin(an_order(), capture=Capture.MANUAL)
    with transaction.atomic():
        plan(intent, OperationKind.CAPTURE, amount=intent.amount, actor=SYSTEM, now=database_now())

    for change in (capture_intent, void_intent):
        with pytest.raises(IntentBusy):
            change(intent_id=intent.pk, actor=SYSTEM)

    assert sandbox.captured() == 0


def test_what_is_authorised_over_another_amount_is_not_begun_again(sandbox: Sandbox) -> None:
    order = an_order("100.00")
    authorised = begin(order, capture=Capture.MANUAL)
    transfer = create_intent(order_id=order.pk, actor=SYSTEM, provider="manual", method="bank_transfer").intent
    capture_intent(intent_id=transfer.pk, actor=SYSTEM, amount=Decimal(60))

    with pytest.raises(IntentOpen) as refusal:
        begin(order)

    assert refusal.value.data["intent"] == str(authorised.pk)
    assert state(order) == ("PENDING", "PENDING")
    assert len(sandbox.books.everything()["intents"]) == 1


def test_staff_do_not_pay_out_what_the_provider_pays_out(sandbox: Sandbox) -> None:
    order = an_order("100.00")
    begin(order)
    refund = promise(order, Decimal(30))

    with pytest.raises(ProviderPaysOut):
        settle_refund(refund_id=refund.pk, actor=SYSTEM)

    refund.refresh_from_db()
    assert (refund.status, sandbox.refunded()) == ("DUE", 0)
