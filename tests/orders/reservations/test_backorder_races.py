"""Units sold beyond the stock: never more than the limit, goods go to who waited first, whatever happens at once."""

from functools import partial

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from inventory.models.backorder_count import BackorderCount
from inventory.services.receive_stock import receive_stock
from orders.models.backorder import Backorder
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.placing.plan import InsufficientStock
from orders.reservations.backorders import backorder_room, give_up_waiting, waiting_units
from orders.services.orders.cancel_order import cancel_order
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.orders.fill_backorders import fill_backorders
from orders.services.payments.confirm_payment import confirm_payment
from orders.states import CancelReason
from shared.actor import SYSTEM
from shared.errors import Refusal
from tests.shop.backorders import make_level_to_wait_for, sell_ahead
from tests.shop.books import LONG_AGO
from tests.shop.database.races import run_together
from tests.shop.goods import balances
from tests.shop.people import make_buyer

pytestmark = pytest.mark.usefixtures("audited_shop")


def waiting(order: Order) -> int:
    return sum(waiting_units(OrderItem.objects.filter(order=order).values_list("pk", flat=True)).values())


@pytest.mark.usefixtures("both_ways")
def test_fifty_buyers_never_wait_for_more_than_the_limit() -> None:
    level = make_level_to_wait_for(on_hand=10, limit=20)
    buyers = [make_buyer() for _ in range(50)]

    answers = run_together(*(partial(sell_ahead, buyer, level, 1) for buyer in buyers))

    assert sum(isinstance(answer, Order) for answer in answers) == 30
    assert all(isinstance(answer, InsufficientStock) for answer in answers if isinstance(answer, Refusal))
    assert balances(level.pk) == (10, 10)
    assert BackorderCount.objects.get().waiting == 20
    assert backorder_room([level.variant_id]) == {}


def test_goods_go_to_who_waited_first_and_paid_ones_are_sold() -> None:
    level = make_level_to_wait_for(on_hand=1, limit=10)
    first, second, third = (sell_ahead(make_buyer(), level, units) for units in (3, 2, 2))
    confirm_payment(order_id=second.pk, actor=SYSTEM)

    receive_stock(level_id=level.pk, quantity=5, reason="delivery", actor=SYSTEM)
    queued = ProcrastinateJob.objects.filter(task_name="orders.fill_backorders", status="todo").count()
    filled = fill_backorders()

    assert queued == 1
    assert filled == 5
    assert [waiting(order) for order in (first, second, third)] == [0, 0, 1]
    assert balances(level.pk) == (4, 4)
    assert BackorderCount.objects.get().waiting == 1
    assert [row.status for row in Backorder.objects.order_by("created_at")] == ["filled", "filled", "waiting"]


@pytest.mark.usefixtures("both_ways")
def test_a_delivery_while_somebody_begins_to_wait_wakes_the_queue_or_is_seen() -> None:
    level = make_level_to_wait_for(on_hand=0, limit=50)
    buyers = [make_buyer() for _ in range(8)]

    run_together(
        *(partial(sell_ahead, buyer, level, 1) for buyer in buyers),
        partial(receive_stock, level_id=level.pk, quantity=20, reason="delivery", actor=SYSTEM),
    )

    on_hand = balances(level.pk)[0]
    waits = BackorderCount.objects.filter(waiting__gt=0).exists()
    assert on_hand == 20
    assert not waits or ProcrastinateJob.objects.filter(task_name="orders.fill_backorders", status="todo").exists()
    fill_backorders()
    assert balances(level.pk) == (20, 8)


def test_filling_cancelling_and_paying_at_once_leave_the_books_right() -> None:
    level = make_level_to_wait_for(on_hand=0, limit=50)
    orders = [sell_ahead(make_buyer(), level, 2) for _ in range(6)]
    receive_stock(level_id=level.pk, quantity=7, reason="delivery", actor=SYSTEM)

    run_together(
        fill_backorders,
        fill_backorders,
        *(partial(confirm_payment, order_id=order.pk, actor=SYSTEM) for order in orders[:3]),
    )
    fill_backorders()

    assert BackorderCount.objects.get().waiting == 5
    on_hand, reserved = balances(level.pk)
    assert on_hand - reserved == 0


def test_cancelled_and_expired_orders_wait_for_nothing() -> None:
    level = make_level_to_wait_for(on_hand=1, limit=10)
    expired, kept, cancelled = (sell_ahead(make_buyer(), level, units) for units in (3, 2, 4))
    Order.objects.filter(pk=expired.pk).update(payment_expires_at=LONG_AGO)

    run_together(
        expire_unpaid_orders,
        partial(cancel_order, order_id=cancelled.pk, actor=SYSTEM, reason=CancelReason.STAFF),
    )
    fill_backorders()

    assert [waiting(order) for order in (expired, kept, cancelled)] == [0, 1, 0]
    assert balances(level.pk) == (1, 1)
    assert BackorderCount.objects.get().waiting == 1


def test_units_given_up_are_first_those_that_wait() -> None:
    level = make_level_to_wait_for(on_hand=2, limit=10)
    order = sell_ahead(make_buyer(), level, 5)
    item = OrderItem.objects.get(order=order)

    with transaction.atomic():
        assert give_up_waiting(item.pk, 1, now=order.created_at) == 1
        assert waiting_units([item.pk]) == {item.pk: 2}
        assert give_up_waiting(item.pk, 4, now=order.created_at) == 2
        assert give_up_waiting(item.pk, 1, now=order.created_at) == 0
        OrderItem.objects.filter(pk=item.pk).update(quantity=2, total_price=20)
        Order.objects.filter(pk=order.pk).update(subtotal=20, total=20)

    assert BackorderCount.objects.get().waiting == 0
