"""After a restore: payments and refunds of which nothing is left here, or not the end."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from orders.models.order import Order
from orders.models.refund import Refund
from orders.services.refunds.settle_refund import retry_refund
from payments.jobs import recover_operations, send_refund
from payments.models.payment_intent import PaymentIntent
from payments.services.create_intent import create_intent
from shared.actor import SYSTEM
from shared.database.restored import DOOR, restored_until
from tests.payments.services.restored import MOMENT, Restore, lose_intents, pay_for, pay_unheard
from tests.payments.stripe_orders import begin as begin_at_stripe
from tests.payments.stripe_orders import news, paid
from tests.payments.stripe_server import StripeServer, event
from tests.shop.order_actions import promise
from tests.shop.servers.sandbox import Sandbox, an_order, begin, books_agree, received, state

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_payment_begun_since_comes_back_with_the_order_that_is_there_and_what_was_refunded_of_it(
    sandbox: Sandbox, restore: Restore
) -> None:
    order, intent = pay_unheard(sandbox)
    sandbox.books.change(lambda: sandbox.books.refund(intent.provider_id, "19.00", {}))
    lose_intents()
    restore()

    call_command("reconcile")

    assert state(order) == ("CONFIRMED", "PARTIALLY_REFUNDED")
    again = PaymentIntent.objects.get()
    DOOR.look()
    assert (again.pk, again.amount, again.method) == (intent.pk, intent.amount, "card_3ds")
    assert (
        create_intent(
            order_id=order.pk, actor=SYSTEM, provider="sandbox", method="card_3ds", intent_id=again.pk
        ).intent.provider_id
        == again.provider_id
    )
    assert order.refunds.get().amount == 19
    books_agree(sandbox)
    assert restored_until() is None


def test_one_that_the_payer_has_not_finished_comes_back_and_can_be_paid(sandbox: Sandbox, restore: Restore) -> None:
    order = an_order()
    intent = begin(order, method="card_3ds")
    lose_intents()
    restore()

    call_command("reconcile")
    sandbox.payer(PaymentIntent.objects.get(pk=intent.pk), "pay")
    sandbox.tell_all()

    assert state(order) == ("CONFIRMED", "PAID")


def test_at_stripe_it_comes_back_as_well(server: StripeServer) -> None:
    order = an_order()
    intent = begin_at_stripe(order)
    server.payer_confirms(intent.provider_id)
    lose_intents()

    call_command("reconcile", "--since", MOMENT.isoformat())

    assert state(order) == ("CONFIRMED", "PAID")
    assert PaymentIntent.objects.get().pk == intent.pk


def test_a_number_that_was_given_out_again_brings_nobody_the_money_of_another(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    order, _intent = pay_unheard(sandbox)
    lose_intents()
    Order.objects.update(created_at=order.created_at + timedelta(hours=1))

    with pytest.raises(SystemExit):
        call_command("reconcile", "--since", MOMENT.isoformat())

    assert f"119.00 USD taken for order {order.number}" in capsys.readouterr().out
    assert received(order) == 0


def test_numbers_of_orders_that_are_gone_are_not_given_out_again(sandbox: Sandbox, restore: Restore) -> None:
    lost = int(an_order().number) + 50
    pay_for(sandbox, str(lost))
    restore()

    call_command("reconcile", "--open")
    DOOR.look()

    assert int(an_order().number) == lost + 1


def test_what_others_take_through_the_same_account_is_no_business_of_kontor(
    sandbox: Sandbox, restore: Restore, capsys: pytest.CaptureFixture[str]
) -> None:
    pay_for(sandbox, "4711", intent="")
    named = sandbox.books.everything()["intents"][0]["id"]
    sandbox.books.change(lambda: sandbox.books.refund(named, "5.00", {}))
    restore()

    call_command("reconcile")

    assert "2 are none of Kontor's" in capsys.readouterr().out
    assert restored_until() is None


def test_a_provider_that_is_not_configured_here_keeps_the_shop_closed(
    sandbox: Sandbox, restore: Restore, settings: Any
) -> None:
    pay_unheard(sandbox)
    settings.SANDBOX_PROVIDER_URL = ""
    restore()

    with pytest.raises(CommandError, match="sandbox is not configured"):
        call_command("reconcile")

    assert restored_until() == MOMENT


def test_a_refund_that_was_under_way_at_the_moment_ends_as_it_did_at_the_provider(server: StripeServer) -> None:
    order, _intent = paid(server)
    send_refund(str(promise(order, Decimal(10)).pk))
    [made] = server.refunds.values()
    made |= {"status": "succeeded", "created": 0}  # long before that moment
    assert order.refunds.get().status == "SENT"

    call_command("reconcile", "--since", MOMENT.isoformat())
    assert order.refunds.get().status == "DONE"

    made |= {"status": "failed", "failure_reason": "expired_or_canceled_card"}
    call_command("reconcile", "--since", MOMENT.isoformat())
    assert order.refunds.get().status == "FAILED"


def test_a_refund_that_staff_tried_again_while_the_shop_was_closed_goes_out_once_it_opens(
    server: StripeServer, restore: Restore
) -> None:
    order, _intent = paid(server)
    refund = promise(order, Decimal(10))
    send_refund(str(refund.pk))
    [made] = server.refunds.values()
    made["status"] = "failed"
    news(event("refund.failed", made))
    Refund.objects.update(created_at=MOMENT)
    restore()
    retry_refund(refund_id=refund.pk, actor=SYSTEM)
    assert send_refund(str(refund.pk)) == "waits for reconciliation"

    call_command("reconcile")
    recover_operations()

    assert [row["status"] for row in server.refunds.values()] == ["failed", "pending"]
    assert order.refunds.get().status == "SENT"
