"""The sums of days and customers that the dashboard reads are those of the orders."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from catalog.models.variant import Variant
from crm.reads.sales import DaySales, customer_figures, sales_since
from orders.incoming_payments.balances import refundable
from orders.models.order import Order
from orders.models.sales import CustomerSales, DailySales
from orders.services.orders.cancel_order import cancel_order
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.upkeep.refresh_sales import refresh_customers, refresh_sales
from orders.states import CancelReason
from shared.actor import SYSTEM
from shared.clock import shop_zone
from shop.services.update_shop import update_shop
from tests.shop.goods import make_level
from tests.shop.order_actions import promise
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

ZONES = ("UTC", "Pacific/Auckland", "America/St_Johns")
IS_PAID = ("PAID", "PARTIALLY_REFUNDED", "REFUNDED")


def kept_of(order: Order) -> Decimal:
    """What is left of the money that counts for the order."""
    counting = order.payments.filter(status__in=["PAID", "REFUNDED"])
    return sum((paid.amount - paid.refunded_amount for paid in counting), Decimal(0))


def naive_days() -> list[DaySales]:
    """The same figures one order at a time."""
    days: dict[tuple[Any, str], list[Any]] = {}
    for order in Order.objects.all():
        row = days.setdefault((_shop_day(order), order.currency), [0, 0, 0, 0, Decimal(0)])
        is_paid = order.payment_status in IS_PAID and order.status != "CANCELLED"
        is_timeout = order.cancel_reason == "payment_timeout"
        row[0] += 1
        row[1] += is_paid
        row[2] += is_timeout
        row[3] += order.status == "CANCELLED" and not is_timeout
        row[4] += kept_of(order) if is_paid else 0
    return [DaySales(day, currency, *row) for (day, currency), row in sorted(days.items())]


def _shop_day(order: Order) -> date:
    return order.created_at.astimezone(shop_zone()).date()


def naive_customers() -> dict[tuple[object, str], tuple[int, int, Decimal]]:
    sums: dict[tuple[object, str], list[Any]] = {}
    for order in Order.objects.all():
        row = sums.setdefault((order.customer_id, order.currency), [0, 0, Decimal(0)])
        is_paid = order.payment_status in IS_PAID and order.status != "CANCELLED"
        row[0] += 1
        row[1] += is_paid
        row[2] += kept_of(order) if is_paid else 0
    return {key: (row[0], row[1], row[2]) for key, row in sums.items()}


def kept_customers() -> dict[tuple[object, str], tuple[int, int, Decimal]]:
    rows = CustomerSales.objects.all()
    return {(row.customer_id, row.currency): (row.placed, row.paid, row.revenue) for row in rows}


class Shop:
    """Three buyers and goods in two currencies; what happens in it is drawn by a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.buyers = [make_buyer() for _ in range(3)]
        self.levels = [make_level(on_hand=40, price="10.00"), make_level(on_hand=25, price="7.50")]
        Variant.objects.filter(pk=self.levels[1].variant_id).update(currency="EUR")
        self.now = datetime.now(UTC) - timedelta(days=11)

    def something_happens(self) -> None:
        self.now += timedelta(hours=self.random.randint(0, 4))
        deeds = [self.place, self.place, self.pay, self.pay, self.pay, self.refund, self.refund, self.cancel]
        self.random.choice([*deeds, self.expire])()

    def place(self) -> None:
        order_of(self.random.choice(self.buyers), (self.random.choice(self.levels), 1), now=self.now)

    def pay(self) -> None:
        """Any order: in time, late, after cancelling, or once more."""
        if order := self.any_order():
            reference = f"wire-{self.random.randint(1, 3)}"
            confirm_payment(order_id=order.pk, actor=SYSTEM, reference=reference, now=self.now)

    def cancel(self) -> None:
        order = self.any_order()
        if order and order.status == "PENDING":
            cancel_order(order_id=order.pk, actor=SYSTEM, reason=CancelReason.CUSTOMER, now=self.now)

    def refund(self) -> None:
        """All that is left of a paid order, or some of it."""
        paid = Order.objects.filter(payment_status__in=IS_PAID[:2]).order_by("number")
        if paid:
            order = self.random.choice(paid)
            promise(order, self.random.choice([refundable(order, order), Decimal("0.50")]))

    def expire(self) -> None:
        expire_unpaid_orders(now=self.now)

    def any_order(self) -> Order | None:
        orders = list(Order.objects.order_by("number"))
        return self.random.choice(orders) if orders else None


@pytest.mark.parametrize("seed", range(6))
def test_the_kept_sums_are_those_of_the_orders_whatever_happened_late(db: None, seed: int) -> None:
    update_shop(changes={"time_zone": ZONES[seed % 3]})
    shop = Shop(seed)

    for _ in range(5):
        for _ in range(shop.random.randint(1, 12)):
            shop.something_happens()
        refresh_sales(now=shop.now + timedelta(minutes=1))

        first = (datetime.now(UTC) - timedelta(days=12)).date()
        assert list(sales_since(first).days) == naive_days()
        assert sum(row.placed for row in DailySales.objects.all()) == Order.objects.count()
        assert kept_customers() == naive_customers()
    assert refresh_sales(everything=True) == 0  # nothing is left to put right
    assert Order.objects.filter(payment_status__in=IS_PAID).exists()
    assert seed or Order.objects.filter(payment_status__contains="REFUNDED").exists()


def test_what_was_ordered_since_is_counted_live(db: None) -> None:
    buyer, level = make_buyer(), make_level(on_hand=9)
    order_of(buyer, (level, 1), now=datetime.now(UTC) - timedelta(days=1))
    refresh_sales()

    paid = order_of(buyer, (level, 2))
    confirm_payment(order_id=paid.pk, actor=buyer.actor)

    known = sales_since(datetime.now(UTC).date() - timedelta(days=1))
    assert list(known.days) == naive_days()
    assert known.as_of is not None
    kept = customer_figures(buyer.customer.pk, most=1)  # more orders than that: the kept sums and what came since
    assert [(row.placed, row.paid, row.revenue) for row in kept.bought] == [(2, 1, paid.total)]
    assert (kept.as_of, kept.is_least) == (known.as_of, False)
    promise(paid, paid.total - 3)
    assert (list(sales_since(known.days[0].day).days), customer_figures(buyer.customer.pk).bought[0].revenue) == (
        naive_days(),
        3,
    )


def test_before_the_first_sums_are_kept_a_bounded_number_is_counted_and_says_so(db: None) -> None:
    buyer, level = make_buyer(), make_level(on_hand=9)
    for _ in range(3):
        order_of(buyer, (level, 1))

    today = datetime.now(UTC).date()
    assert (sales_since(today).days[0].placed, sales_since(today).is_least) == (3, False)
    assert (sales_since(today, most=1).days[0].placed, sales_since(today, most=1).is_least) == (2, True)


def test_an_order_that_got_another_customer_is_added_up_there(db: None) -> None:
    giver, taker, level = make_buyer(), make_buyer(), make_level(on_hand=9)
    order = order_of(giver, (level, 1), now=datetime.now(UTC) - timedelta(days=1))
    refresh_sales()

    Order.objects.filter(pk=order.pk).update(customer=taker.customer)
    refresh_customers(customer_ids=[giver.customer.pk, taker.customer.pk])

    assert kept_customers() == naive_customers()
