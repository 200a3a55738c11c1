"""Many give back of one order at once: together never more than was paid, and every unit comes back once."""

import random
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.payment import Payment
from orders.models.refund import Refund, RefundCause
from orders.refunds.create_refunds import RefundTooHigh, create_refunds
from orders.refunds.plans import RefundRequest, RequestedLine
from orders.refunds.promise import RefundPromise
from orders.services.orders.advance_order import advance_order
from orders.services.orders.cancel_paid_order import cancel_paid_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.refunds.refund_order import refund_order
from orders.states import CancelReason, OrderStatus
from shared.actor import SYSTEM
from shared.clock import database_now
from shared.database.conflicts import constraint_name
from shared.errors import Refusal, Unavailable
from tests.shop.database.races import run_together, stock_held
from tests.shop.goods import balances, make_level
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = pytest.mark.usefixtures("audited_shop")


@pytest.fixture(autouse=True)
def patient(settings: Any) -> None:
    """Fifty wait for one order on a busy machine: none may give up."""
    settings.MAX_STOCK_RETRY_ATTEMPTS = 20
    settings.REQUEST_DEADLINE_SECONDS = 25


def paid(units: int, *, on_hand: int = 40) -> tuple[Order, Any]:
    """An order of so many units at 10.00, paid, and the level it was sold from."""
    level = make_level(on_hand=on_hand, tax_rate="0")
    order = order_of(make_buyer(), (level, units))
    confirm_payment(order_id=order.pk, actor=SYSTEM)
    return order, level


def amount_back(order: Order, amount: str) -> Callable[[], Any]:
    return partial(
        refund_order, order_id=order.pk, requested=RefundRequest(amount=Decimal(amount)), reason="race", actor=SYSTEM
    )


def units_back(order: Order, units: int) -> Callable[[], Any]:
    item = OrderItem.objects.get(order=order)
    requested = RefundRequest((RequestedLine(item.pk, units),))
    return partial(refund_order, order_id=order.pk, requested=requested, reason="race", actor=SYSTEM)


def cancel(order: Order) -> Callable[[], Any]:
    return partial(cancel_paid_order, order_id=order.pk, actor=SYSTEM, reason=CancelReason.STAFF)


def move(order: Order, status: str) -> Callable[[], Any]:
    return partial(advance_order, order_id=order.pk, status=status, actor=SYSTEM)


def given(order: Order) -> Decimal:
    return sum((refund.amount for refund in Refund.objects.filter(order=order)), Decimal(0))


def test_fifty_refunds_at_once_give_back_what_was_paid_and_not_more() -> None:
    order, _level = paid(3)

    answers = run_together(*[amount_back(order, "1.00")] * 50)

    assert not [answer for answer in answers if isinstance(answer, Unavailable)]
    assert sum(isinstance(answer, RefundTooHigh) for answer in answers) == 20
    assert given(order) == Payment.objects.get().refunded_amount == Decimal(30)
    order.refresh_from_db()
    assert order.payment_status == "REFUNDED"


def test_fifty_people_call_off_the_same_units_and_each_comes_back_once() -> None:
    order, level = paid(30)

    answers = run_together(*[units_back(order, 1)] * 50)

    assert sum(isinstance(answer, list) for answer in answers) == 30
    order.refresh_from_db()
    assert (order.status, order.payment_status, given(order)) == ("CANCELLED", "REFUNDED", Decimal(300))
    assert balances(level.pk) == (40, 0)


def test_without_the_orders_lock_the_payment_itself_refuses() -> None:
    """The control: two that read the same money left both mean to give 20 of 30."""
    order, _level = paid(3)

    def unlocked() -> None:
        parent = Order.objects.get(pk=order.pk)
        facts: dict[str, Any] = {"cause": RefundCause.AMOUNT, "reason": "race", "actor": SYSTEM, "now": database_now()}
        with transaction.atomic():
            create_refunds(parent, parent, RefundPromise(amount=Decimal(20), **facts))

    def both() -> None:
        with stock_held() as queue:
            unlocked()
            queue.start(unlocked)

    with pytest.raises(IntegrityError) as refused:
        both()

    assert constraint_name(refused.value) == "payment_refunded_within_amount"
    assert given(order) == Decimal(20)


@pytest.mark.parametrize("seed", range(6))
def test_whoever_wins_pay_refund_cancel_and_ship_agree(seed: int) -> None:
    level = make_level(on_hand=10, tax_rate="0")
    order = order_of(make_buyer(), (level, 4))
    works: list[Callable[[], Any]] = [
        partial(confirm_payment, order_id=order.pk, actor=SYSTEM, reference="bank-1"),
        partial(confirm_payment, order_id=order.pk, actor=SYSTEM, reference="bank-2"),
        units_back(order, 1),
        amount_back(order, "5.00"),
        cancel(order),
        cancel(order),
        move(order, OrderStatus.PROCESSING),
        move(order, OrderStatus.SHIPPED),
    ]
    if seed % 2:
        works.pop(0)()
    random.Random(seed).shuffle(works)

    answers = run_together(*works)

    assert not [answer for answer in answers if isinstance(answer, Unavailable)]
    order.refresh_from_db()
    item = OrderItem.objects.get(order=order)
    assert given(order) <= sum(payment.amount for payment in Payment.objects.filter(order=order))
    on_hand = balances(level.pk)
    if order.status == OrderStatus.CANCELLED:
        assert on_hand == (10, 0)
        assert item.shipped_quantity == 0
    elif order.status != OrderStatus.PENDING:
        assert on_hand == (6 + item.cancelled_quantity, 0)
        assert item.shipped_quantity in (0, 4 - item.cancelled_quantity)


def test_a_refund_and_a_shipment_of_the_last_units_do_not_both_have_them() -> None:
    order, level = paid(2)
    move(order, OrderStatus.PROCESSING)()

    with stock_held(level.pk) as queue:
        queue.start(units_back(order, 2))
        queue.start(move(order, OrderStatus.SHIPPED))

    refunds, moved = queue.outcomes()
    assert isinstance(refunds, list)
    assert isinstance(moved, Refusal)
    assert moved.code == "invalid_transition"
    assert balances(level.pk) == (40, 0)
