"""Any course of partial refunds gives back exactly what was paid, never more, and every unit its place."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.models.level import StockLevel
from orders.audit import holds, ledger, refunds
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.payment import Payment
from orders.models.refund import Refund
from orders.refunds.plans import RefundRequest, RequestedLine
from orders.services.orders.cancel_paid_order import cancel_paid_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.refunds.refund_order import refund_order
from orders.states import CancelReason
from shared.actor import SYSTEM
from shared.errors import Refusal
from shared.money.amounts import minor_unit, round_money
from tests.shop.goods import balances, make_level
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

ON_HAND = 20


class PricedLine(NamedTuple):
    quantity: int
    unit: int  # in minor units
    discount_percent: int
    tax_rate: Decimal
    tax_included: bool


LINES = st.lists(
    st.builds(
        PricedLine,
        quantity=st.integers(1, 7),
        unit=st.integers(0, 99_999),
        discount_percent=st.integers(0, 100),
        tax_rate=st.sampled_from([Decimal(0), Decimal("0.07"), Decimal("0.2"), Decimal("0.333")]),
        tax_included=st.booleans(),
    ),
    min_size=1,
    max_size=3,
)
# (which line, units) or (-1, minor units) for a free amount or (-2, …) for the shipping
STEPS = st.lists(st.tuples(st.integers(-2, 2), st.integers(1, 500)), max_size=5)


def priced(order: Order, lines: Sequence[PricedLine], currency: str, shipping: int) -> None:
    """Put these prices on the order's lines: what an order may have been charged, by whatever rules."""
    unit = minor_unit(currency)
    sums = {"subtotal": Decimal(0), "discount_total": Decimal(0), "tax_total": Decimal(0)}
    for item, line in zip(OrderItem.objects.filter(order=order).order_by("position"), lines, strict=True):
        price = line.unit * unit
        gross = price * line.quantity
        share = line.tax_rate / (1 + line.tax_rate) if line.tax_included else line.tax_rate
        tax = round_money(gross * share * (100 - line.discount_percent) / 100, currency)
        total = gross - tax if line.tax_included else gross
        discount = round_money(total * line.discount_percent / 100, currency)
        OrderItem.objects.filter(pk=item.pk).update(
            unit_price=price,
            tax_rate=line.tax_rate,
            tax_included=line.tax_included,
            total_price=total,
            tax_amount=tax,
            discount_amount=discount,
        )
        for name, amount in (("subtotal", total), ("discount_total", discount), ("tax_total", tax)):
            sums[name] += amount
    cost, tax = shipping * unit, round_money(shipping * unit / 5, currency)
    sums["tax_total"] += tax
    whole = sums["subtotal"] - sums["discount_total"] + sums["tax_total"] + cost
    Order.objects.filter(pk=order.pk).update(
        currency=currency, shipping_total=cost, shipping_tax=tax, total=whole, **sums
    )


def take_step(order: Order, items: Sequence[OrderItem], which: int, units: int) -> None:
    """One refund; whether it is refused is the service's business."""
    if which == -1:
        requested = RefundRequest(amount=units * minor_unit(order.currency))
    elif which == -2:
        requested = RefundRequest(shipping=True)
    else:
        requested = RefundRequest((RequestedLine(items[which % len(items)].pk, units % 7 + 1),))
    try:
        refund_order(order_id=order.pk, requested=requested, reason="a step", actor=SYSTEM)
    except Refusal as refusal:
        assert refusal.code in {"refund_exceeds_paid", "too_many_units"}  # noqa: PT017


def given_back(order: Order) -> Decimal:
    return sum((refund.amount for refund in Refund.objects.filter(order=order)), Decimal(0))


@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, steps=STEPS, currency=st.sampled_from(["USD", "JPY", "KWD"]), shipping=st.integers(0, 2_000))
def test_all_that_was_paid_goes_back_and_not_a_cent_more(
    lines: list[PricedLine], steps: list[tuple[int, int]], currency: str, shipping: int
) -> None:
    levels: list[StockLevel] = [make_level(on_hand=ON_HAND) for _ in lines]
    order = order_of(make_buyer(), *((level, line.quantity) for level, line in zip(levels, lines, strict=True)))
    priced(order, lines, currency, shipping)
    confirm_payment(order_id=order.pk, actor=SYSTEM)
    order.refresh_from_db()
    items = list(OrderItem.objects.filter(order=order).order_by("position"))

    for which, units in steps:
        take_step(order, items, which, units)
        assert given_back(order) <= order.total
    order.refresh_from_db()
    if order.status == "CANCELLED":  # with its last line; then only the shipping may be left
        assert order.total - given_back(order) <= order.shipping_total + order.shipping_tax
    else:
        cancel_paid_order(order_id=order.pk, actor=SYSTEM, reason=CancelReason.STAFF)
        order.refresh_from_db()
        assert given_back(order) == order.total

    assert order.status == "CANCELLED"
    assert Payment.objects.get(order=order).refunded_amount == given_back(order)
    assert all(balances(level.pk) == (ON_HAND, 0) for level in levels)
    with connection.cursor() as cursor:
        for check in (*refunds.CHECKS, *holds.CHECKS, *ledger.CHECKS):
            if check.is_discrepancy:
                cursor.execute(check.sql, {})
                assert cursor.fetchall() == [], check.name
