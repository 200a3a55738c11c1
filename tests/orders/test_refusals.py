"""Refusals of services of orders: what is not there, and payments with nothing to settle."""

from collections.abc import Callable
from functools import partial

import pytest

from orders.models.order import Order
from orders.models.payment import Payment
from orders.refunds.returning import ReturnNotFound
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.payments.record_dispute import DisputeNotFound, close_dispute
from orders.services.payments.settle_payment import (
    NothingToSettle,
    PaymentNotFound,
    accept_short_payment,
    mark_payment_settled,
    refund_overpayment,
)
from orders.services.returns.decide_return import approve_return, reject_return
from orders.services.returns.receive_return import receive_return
from orders.services.returns.refund_return import refund_return
from orders.services.shipments.change_shipment import (
    ShipmentNotFound,
    cancel_shipment,
    deliver_shipment,
    ship_shipment,
)
from shared.actor import SYSTEM
from shared.ids import new_id
from tests.shop.goods import balances, make_level
from tests.shop.http.api_client import NOBODYS, Caller, refused
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

SETTLING: list[Callable[..., Order]] = [accept_short_payment, refund_overpayment, mark_payment_settled]


@pytest.mark.parametrize("what", ["capture", "void"])
def test_an_intent_that_is_not_there_is_not_found_by_its_name(staff: Caller, what: str) -> None:
    refused(staff.post(f"/payment-intents/{NOBODYS}/{what}", {}), 404, "intent_not_found")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", [approve_return, reject_return, receive_return, refund_return])
def test_a_return_that_is_not_there_takes_no_step(step: Callable[..., object]) -> None:
    more = {"answer": "no"} if step is reject_return else {}
    with pytest.raises(ReturnNotFound):
        step(return_id=new_id(), actor=SYSTEM, **more)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", [ship_shipment, deliver_shipment, cancel_shipment])
def test_a_shipment_that_is_not_there_takes_no_step(step: Callable[..., object]) -> None:
    with pytest.raises(ShipmentNotFound):
        step(shipment_id=new_id(), actor=SYSTEM)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("settle", SETTLING)
def test_a_payment_that_is_not_there_is_not_settled(settle: Callable[..., Order]) -> None:
    with pytest.raises(PaymentNotFound):
        settle(payment_id=new_id(), actor=SYSTEM, reason="as agreed")


@pytest.mark.django_db(transaction=True)
def test_a_payment_of_exactly_what_was_due_leaves_nothing_to_settle() -> None:
    level = make_level(on_hand=3)
    order = order_of(make_buyer(), (level, 1))
    confirm_payment(order_id=order.pk, actor=SYSTEM, reference="bank-1")
    payment = Payment.objects.get(order=order)
    settle_it = partial(mark_payment_settled, payment_id=payment.pk, actor=SYSTEM, reason="looked at")

    for settle in (accept_short_payment, refund_overpayment):
        with pytest.raises(NothingToSettle):
            settle(payment_id=payment.pk, actor=SYSTEM, reason="as agreed")
    settle_it()
    with pytest.raises(NothingToSettle):
        settle_it()

    order.refresh_from_db()
    assert (order.status, order.payment_status, balances(level.pk)) == ("CONFIRMED", "PAID", (2, 0))


@pytest.mark.django_db(transaction=True)
def test_a_dispute_that_is_not_there_is_not_closed() -> None:
    with pytest.raises(DisputeNotFound):
        close_dispute(dispute_id=new_id(), actor=SYSTEM, note="")
