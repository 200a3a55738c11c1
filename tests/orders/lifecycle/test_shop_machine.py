"""Any sequence of placing, paying, cancelling, expiring and stock-taking leaves the books right and the model's way."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test

from inventory.ledger.stock import BelowReserved
from inventory.services.adjust_stock import adjust_stock
from inventory.services.receive_stock import receive_stock
from orders.lifecycle.checks import InvalidTransition
from orders.placing.plan import InsufficientStock
from orders.placing.requested_lines import PlaceOrder
from orders.services.orders.advance_order import advance_order
from orders.services.orders.cancel_order import AlreadyPaid, cancel_order
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.orders.place_order import place_order
from orders.services.payments.confirm_payment import AmountMismatch, confirm_payment
from orders.states import CancelReason, OrderStatus
from shared.actor import SYSTEM
from shared.concurrency.idempotency import IdempotencyKeyReused
from shared.errors import InvalidInput
from tests.orders.lifecycle.machine_shop import SELLERS, RealShop, discrepancy, expected, orders_now
from tests.orders.lifecycle.model import STEPS, Line, ModelOrder, ModelShop

UNITS = st.integers(1, 6)


def _line(name: tuple[str, str | None], units: int) -> Line:
    return (*name, units)


LINES = st.lists(
    st.sampled_from([("TEA", None), ("TEA", "Own"), ("MUG", None), ("MUG", "North"), ("POT", None), ("POT", "South")]),
    min_size=1,
    max_size=4,
).flatmap(lambda names: st.tuples(*(UNITS.map(partial(_line, name)) for name in names)).map(list))
REFERENCES = st.sampled_from(["", "wire-1", "wire-2"])


class ShopMachine(RuleBasedStateMachine):
    """Each rule does the same to the real shop and to the model."""

    placed = Bundle("placed")
    keyed = Bundle("keyed")

    def __init__(self) -> None:
        super().__init__()
        self.real, self.model = RealShop(), ModelShop(SELLERS)
        self.ids: list[Any] = []
        self.now = datetime(2024, 5, 1, 9, tzinfo=UTC)
        for level in self.real.levels:
            self._receive(level, 5)

    def teardown(self) -> None:
        """The next run finds this one's orders, but none that is still to expire."""
        for order_id, order in zip(self.ids, self.model.orders, strict=True):
            if order.status == "PENDING":
                cancel_order(order_id=order_id, actor=SYSTEM, reason=CancelReason.STAFF, now=self.now)

    def _receive(self, level: Any, units: int) -> None:
        receive_stock(level_id=level.pk, quantity=units, reason="delivery", actor=SYSTEM, now=self.now)
        self.model.pools[self.real.pool_of(level)].on_hand += units

    def _place(self, lines: list[Line], key: str | None = None) -> ModelOrder | None:
        order = self.model.place(lines, self.now)
        try:
            placed = place_order(
                request=self.real.request(lines), actor=self.real.buyer.actor, idempotency_key=key, now=self.now
            )
        except InsufficientStock:
            assert order is None
        else:
            assert order is not None
            assert placed.created
            self.ids.append(placed.order.pk)
        return order

    def _id(self, order: ModelOrder) -> Any:
        return self.ids[next(place for place, one in enumerate(self.model.orders) if one is order)]

    @rule(target=placed, lines=LINES)
    def place(self, lines: list[Line]) -> Any:
        order = self._place(lines)
        return multiple() if order is None else order

    @rule(target=keyed, lines=LINES)
    def place_with_key(self, lines: list[Line]) -> Any:
        key = f"key-{len(self.ids)}"
        order = self._place(lines, key)
        return multiple() if order is None else (order, key, lines)

    @rule(target=placed, kept=keyed)
    def pick_up(self, kept: Any) -> ModelOrder:
        return kept[0]

    @rule(kept=keyed, data=st.data())
    def replay(self, kept: Any, data: st.DataObject) -> None:
        order, key, lines = kept
        shuffled = data.draw(st.permutations(lines))
        request = self.real.request(list(shuffled))
        again = place_order(request=request, actor=self.real.buyer.actor, idempotency_key=key, now=self.now)
        assert not again.created
        assert again.order.pk == self._id(order)
        assert again.order.version == order.version

    @rule(kept=keyed)
    def reuse_key(self, kept: Any) -> None:
        _, key, lines = kept
        other = PlaceOrder(self.real.buyer.customer.pk, self.real.request(lines).lines, note="another")
        with pytest.raises(IdempotencyKeyReused):
            place_order(request=other, actor=self.real.buyer.actor, idempotency_key=key, now=self.now)

    @rule(order=placed, reference=REFERENCES)
    def pay(self, order: ModelOrder, reference: str) -> None:
        self.model.pay(order, reference)
        confirm_payment(order_id=self._id(order), actor=SYSTEM, reference=reference, now=self.now)

    @rule(order=placed, amount=st.sampled_from(["0.01", "99999"]))
    def pay_wrongly(self, order: ModelOrder, amount: str) -> None:
        with pytest.raises(AmountMismatch):
            confirm_payment(order_id=self._id(order), actor=SYSTEM, amount=Decimal(amount), now=self.now)

    @rule(order=placed)
    def cancel(self, order: ModelOrder) -> None:
        paid = order.payment_status == "PAID"
        self.model.cancel(order, "staff")
        try:
            cancel_order(order_id=self._id(order), actor=SYSTEM, reason=CancelReason.STAFF, now=self.now)
        except AlreadyPaid:
            assert paid
        else:
            assert not paid

    @rule(order=placed, status=st.sampled_from(OrderStatus.values))
    def advance(self, order: ModelOrder, status: str) -> None:
        allowed = STEPS.get(order.status) == status
        try:
            advance_order(order_id=self._id(order), status=status, actor=SYSTEM, now=self.now)
        except InvalidTransition:
            assert not allowed
        else:
            assert allowed
            order.status, order.version = status, order.version + 1

    @rule()
    def expire(self) -> None:
        assert expire_unpaid_orders(now=self.now, batch_size=2) == self.model.expire(self.now)

    @rule(minutes=st.integers(1, 20))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(place=st.integers(0, 5), units=UNITS)
    def receive(self, place: int, units: int) -> None:
        self._receive(self.real.levels[place % len(self.real.levels)], units)

    @rule(place=st.integers(0, 5), units=st.integers(-6, 6))
    def adjust(self, place: int, units: int) -> None:
        level = self.real.levels[place % len(self.real.levels)]
        level.refresh_from_db()
        after = level.on_hand + units
        try:
            adjust_stock(level_id=level.pk, quantity=units, reason="counted", actor=SYSTEM, now=self.now)
        except InvalidInput:
            assert units == 0 or after < 0
        except BelowReserved:
            assert 0 <= after < level.reserved
        else:
            assert after >= level.reserved
            self.model.pools[self.real.pool_of(level)].on_hand += units

    @invariant()
    def stock_is_as_in_the_model(self) -> None:
        assert self.real.pools() == {name: (p.on_hand, p.reserved) for name, p in self.model.pools.items()}

    @invariant()
    def orders_are_as_in_the_model(self) -> None:
        assert orders_now(self.ids) == expected(self.model, self.ids)

    @invariant()
    def the_books_are_right(self) -> None:
        assert discrepancy() == []
        self.now += timedelta(seconds=1)


@pytest.mark.django_db(transaction=True)
def test_any_course_of_business_follows_the_model() -> None:
    run_state_machine_as_test(
        ShopMachine,
        settings=settings(
            max_examples=6,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
