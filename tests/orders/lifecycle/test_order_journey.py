"""Whatever is done to an order, in whatever sequence: its status, lines and shipments agree with the rules and with
each other, every step is one that the table of states allows, and the books are right."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from orders.lifecycle.checks import InvalidTransition
from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.shipment import Shipment
from orders.refunds.plans import RefundRequest, RequestedLine
from orders.services.orders.advance_order import advance_order
from orders.services.orders.cancel_order import AlreadyPaid, cancel_order
from orders.services.orders.cancel_paid_order import AlreadyShipped, cancel_paid_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.refunds.refund_order import refund_order
from orders.services.shipments.change_shipment import cancel_shipment, deliver_shipment, ship_shipment
from orders.services.shipments.pack_shipment import NotPaid as NotShippable
from orders.services.shipments.pack_shipment import pack_shipment
from orders.shipping.shipments import UnitsNotThere
from orders.states import ORDER, SHIPMENT, CancelReason, OrderStatus, ShipmentStatus, Trigger, is_allowed
from shared.actor import SYSTEM
from shared.errors import Refusal
from tests.orders.lifecycle.journey import STEPS, Journey, Line, PlainShipment
from tests.shop.goods import make_level
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.shipments import discrepancy, lines_of

QUANTITIES = (3, 2)


class OrderMachine(RuleBasedStateMachine):
    """Each rule does the same to a real order and to the model."""

    def __init__(self) -> None:
        super().__init__()
        self.order = order_of(make_buyer(), *((make_level(on_hand=units), units) for units in QUANTITIES))
        self.items = [line.pk for line in lines_of(self.order)]
        self.model = Journey([Line(units) for units in QUANTITIES])

    def shipments(self) -> list[Shipment]:
        return list(Shipment.objects.filter(order=self.order).order_by("id"))

    def _one(self, place: int) -> tuple[Shipment, PlainShipment] | None:
        pairs = list(zip(self.shipments(), self.model.shipments, strict=True))
        return pairs[place % len(pairs)] if pairs else None

    @initialize(is_paid=st.sampled_from([True] * 9 + [False]))
    def begin(self, is_paid: bool) -> None:
        if is_paid:
            self.pay()

    @precondition(lambda self: self.model.status == "PENDING")
    @rule()
    def pay(self) -> None:
        if self.model.status == "PENDING":
            confirm_payment(order_id=self.order.pk, actor=SYSTEM)
            self.model.pay()

    @rule(first=st.integers(0, 3), second=st.integers(0, 3))
    def pack_more(self, first: int, second: int) -> None:
        self.pack(first, second)

    @precondition(lambda self: self.model.is_under_way())
    @rule(first=st.sampled_from([0, 1]), second=st.sampled_from([1, 2]))
    def pack(self, first: int, second: int) -> None:
        units = {place: count for place, count in enumerate((first, second)) if count}
        if not units:
            return
        wanted = {self.items[place]: count for place, count in units.items()}
        try:
            pack_shipment(order_id=self.order.pk, actor=SYSTEM, items=wanted)
        except (UnitsNotThere, NotShippable):
            assert not self.model.can_pack(units)
        else:
            assert self.model.can_pack(units)
            self.model.pack(units)

    @precondition(lambda self: self.model.shipments)
    @rule(place=st.integers(0, 5), what=st.sampled_from(["send", "send", "deliver", "unpack"]))
    def move_a_shipment(self, place: int, what: str) -> None:
        if (pair := self._one(place)) is None:
            return
        shipment, plain = pair
        act, target = {
            "send": (ship_shipment, ShipmentStatus.SHIPPED),
            "deliver": (deliver_shipment, ShipmentStatus.DELIVERED),
            "unpack": (cancel_shipment, ShipmentStatus.CANCELLED),
        }[what]
        allowed = is_allowed(shipment.status, target, by=Trigger.STAFF, table=SHIPMENT)
        try:
            act(shipment_id=shipment.pk, actor=SYSTEM)
        except InvalidTransition:
            assert not allowed
            return
        assert allowed
        if what == "unpack":
            plain.status = "CANCELLED"
        else:
            getattr(self.model, what)(plain)

    @rule(status=st.sampled_from([*OrderStatus.values, *STEPS.values()]))
    def move_by_hand(self, status: str) -> None:
        allowed = STEPS.get(self.model.status) == status
        try:
            advance_order(order_id=self.order.pk, status=status, actor=SYSTEM)
        except InvalidTransition:
            assert not allowed
        else:
            assert allowed
            self.model.by_hand(status)

    @precondition(lambda self: self.model.is_under_way())
    @rule(place=st.integers(0, 1), units=st.sampled_from([1, 1, 2, 3]))
    def refund(self, place: int, units: int) -> None:
        requested = RefundRequest(lines=(RequestedLine(self.items[place], units),))
        possible = self.model.can_refund(place, units)
        try:
            refund_order(order_id=self.order.pk, requested=requested, reason="changed their mind", actor=SYSTEM)
        except Refusal:
            assert not possible
        else:
            assert possible
            self.model.refund(place, units)

    @precondition(lambda self: self.model.shipments or not self.model.is_paid)  # seldom: little happens afterwards
    @rule(dice=st.integers(0, 3))
    def cancel(self, dice: int) -> None:
        if dice < 3 or self.model.status == "CANCELLED":
            return
        do = cancel_paid_order if self.model.is_paid else cancel_order
        try:
            do(order_id=self.order.pk, actor=SYSTEM, reason=CancelReason.STAFF)
        except (AlreadyShipped, AlreadyPaid, InvalidTransition):
            assert any(line.shipped for line in self.model.lines)
        else:
            self.model.cancel()

    @invariant()
    def the_order_is_as_in_the_model(self) -> None:
        self.order.refresh_from_db()
        lines = [
            (line.status, line.shipped_quantity, line.cancelled_quantity, line.refunded_quantity)
            for line in lines_of(self.order)
        ]

        assert self.order.status == self.model.status
        assert lines == [(line.status, line.shipped, line.cancelled_units, line.refunded) for line in self.model.lines]
        assert [shipment.status for shipment in self.shipments()] == [one.status for one in self.model.shipments]

    @invariant()
    def every_step_was_allowed(self) -> None:
        events = OrderEvent.objects.filter(order=self.order).order_by("created_at", "id")
        path = list(events.values_list("to_status", flat=True))

        assert all(before == after or (before, after) in ORDER for before, after in pairwise(path))
        assert Order.objects.get(pk=self.order.pk).version == len(path)

    def teardown(self) -> None:
        assert discrepancy() == []


@pytest.mark.django_db(transaction=True)
def test_any_course_of_an_orders_life_follows_the_rules() -> None:
    run_state_machine_as_test(
        OrderMachine,
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
