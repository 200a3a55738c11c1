"""Shipments under contention: no unit leaves twice, whatever else happens to the order at that moment."""

from functools import partial

import pytest

from orders.models.invoice import Invoice
from orders.models.order import Order
from orders.models.shipment import Shipment
from orders.refunds.plans import RefundRequest, RequestedLine
from orders.services.invoices.issue_invoice import Issued, issue_invoice
from orders.services.orders.advance_order import advance_order
from orders.services.orders.cancel_paid_order import cancel_paid_order
from orders.services.refunds.refund_order import refund_order
from orders.services.shipments.change_shipment import cancel_shipment, ship_shipment
from orders.services.shipments.pack_shipment import pack_shipment
from orders.states import CancelReason
from shared.actor import SYSTEM
from shared.errors import Refusal
from tests.shop.database.races import run_together
from tests.shop.shipments import discrepancy, lines_of, pack, paid_order, seen

pytestmark = pytest.mark.usefixtures("audited_shop")


def shipping(order: Order, units: int) -> object:
    """Packs so many units of the order's only line, and sends them."""
    [line] = lines_of(order)
    shipment = pack_shipment(order_id=order.pk, actor=SYSTEM, items={line.pk: units})
    return ship_shipment(shipment_id=shipment.pk, actor=SYSTEM)


def refunding(order: Order, units: int) -> object:
    [line] = lines_of(order)
    return refund_order(
        order_id=order.pk, requested=RefundRequest(lines=(RequestedLine(line.pk, units),)), reason="race", actor=SYSTEM
    )


def cancelling(order: Order) -> object:
    return cancel_paid_order(order_id=order.pk, actor=SYSTEM, reason=CancelReason.STAFF)


def test_50_threads_ship_the_same_units_once() -> None:
    order = paid_order(20)

    outcomes = run_together(*(partial(shipping, order, 1) for _ in range(50)))

    assert sum(isinstance(outcome, Shipment) for outcome in outcomes) == 20
    assert {outcome.code for outcome in outcomes if isinstance(outcome, Refusal)} == {"units_not_there"}
    assert seen(order) == ("SHIPPED", [("SHIPPED", 20)])
    assert Shipment.objects.filter(order=order, status="SHIPPED").count() == 20


def test_one_shipment_leaves_once_or_is_unpacked_once() -> None:
    order = paid_order(3)
    shipment = pack(order)
    leave = partial(ship_shipment, shipment_id=shipment.pk, actor=SYSTEM)
    unpack = partial(cancel_shipment, shipment_id=shipment.pk, actor=SYSTEM)

    outcomes = run_together(*[leave, unpack] * 5)

    assert sum(isinstance(outcome, Shipment) for outcome in outcomes) == 1
    shipment.refresh_from_db()
    assert seen(order)[1] == ([("SHIPPED", 3)] if shipment.status == "SHIPPED" else [("PROCESSING", 0)])


@pytest.mark.parametrize("attempt", range(4))
def test_what_is_refunded_does_not_leave(attempt: int) -> None:
    order = paid_order(4)

    outcomes = run_together(
        *[partial(shipping, order, 2)] * 3, *[partial(refunding, order, 1)] * 3, partial(cancelling, order)
    )

    [line] = lines_of(order)
    sent = sum(isinstance(outcome, Shipment) for outcome in outcomes)
    assert line.shipped_quantity == 2 * sent
    assert line.shipped_quantity + line.cancelled_quantity <= 4
    order.refresh_from_db()
    assert (order.status == "CANCELLED") <= (line.shipped_quantity == 0)
    assert discrepancy() == []


def test_moved_on_by_hand_while_shipments_are_packed_everything_leaves_once() -> None:
    order = paid_order(6)
    advance_order(order_id=order.pk, status="PROCESSING", actor=SYSTEM)
    by_hand = partial(advance_order, order_id=order.pk, status="SHIPPED", actor=SYSTEM)

    run_together(by_hand, by_hand, *[partial(shipping, order, 1)] * 6)

    assert seen(order) == ("SHIPPED", [("SHIPPED", 6)])


def test_invoices_at_one_moment_are_numbered_without_a_gap() -> None:
    orders = [paid_order(1) for _ in range(10)]

    outcomes = run_together(*(partial(issue_invoice, order_id=order.pk, actor=SYSTEM) for order in orders * 2))

    numbers = sorted(int(number[-6:]) for number in Invoice.objects.values_list("number", flat=True))
    assert numbers == list(range(numbers[0], numbers[0] + 10))
    assert sum(outcome.created for outcome in outcomes if isinstance(outcome, Issued)) == 10
