"""Telling the planned orders' stories, each step by the function that staff, shops and the worker use."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from crm.demo.people import Team
from crm.demo.stock import Storeroom
from crm.demo.stories import PlannedOrder, Story
from crm.demo.timeline import Timeline
from orders.models.order import Order
from orders.placing.plan import InsufficientStock
from orders.placing.requested_lines import PlaceOrder, PlaceOrderLine
from orders.services.orders.advance_order import advance_order
from orders.services.orders.cancel_order import cancel_order
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.orders.place_order import place_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.states import CancelReason, OrderStatus
from shared.actor import Actor
from users.models.customer import Customer

# With the next status, the hours that pass before it.
_STEPS = (
    (OrderStatus.PROCESSING, (2, 14)),
    (OrderStatus.SHIPPED, (3, 20)),
    (OrderStatus.DELIVERED, (24, 80)),
)
_WORKING_HOURS = range(8, 18)
_SWEEP = timedelta(minutes=5)
_STAFF_NOTES = ("Asked for another colour.", "Ordered twice by mistake.", "Address could not be found.")
_CANCELS = (Story.CANCELLED_BY_CUSTOMER, Story.CANCELLED_BY_STAFF, Story.PAID_AFTER_CANCELLING)


class Storyteller:
    """Places orders and plans what happens to them next. Every order has dice of its own, so that one order's
    story does not change with what others do."""

    def __init__(
        self,
        *,
        timeline: Timeline,
        storeroom: Storeroom,
        team: Team,
        customers: Sequence[Customer],
        buyers: dict[int, Actor],
        minutes_to_pay: float,
        seed: str,
        on_placed: Callable[[int], None],
    ) -> None:
        self._timeline = timeline
        self._storeroom = storeroom
        self._team = team
        self._customers = customers
        self._buyers = buyers
        self._minutes_to_pay = minutes_to_pay
        self._seed = seed
        self._on_placed = on_placed
        self._placed = 0

    def plan(self, orders: Sequence[PlannedOrder]) -> None:
        """Have the orders placed, each at its moment."""
        for order in orders:
            self._timeline.plan(order.at, partial(self._begin_order, order))

    def _begin_order(self, planned: PlannedOrder, now: datetime) -> None:
        order = self._place_order(planned, now)
        self._placed += 1
        rng = Random(f"{self._seed}/{self._placed}")  # noqa: S311 - made-up content
        if order.payment_expires_at is not None:
            self._timeline.plan(_next_sweep(order.payment_expires_at), self._sweep_unpaid)
        _Telling(self._timeline, self._team, self._ordered_by(planned), rng, order.pk).tell(
            planned, now=now, soon=timedelta(minutes=self._minutes_to_pay)
        )
        self._on_placed(self._placed)

    def _ordered_by(self, planned: PlannedOrder) -> Actor:
        """Customers with a login order themselves, the rest through the web shop or by telephone."""
        on_the_phone = self._team.sales if planned.at.minute % 10 == 0 else self._team.web_shop
        return self._buyers.get(planned.customer, on_the_phone)

    def _place_order(self, planned: PlannedOrder, now: datetime) -> Order:
        sellers = self._storeroom.sellers
        lines = tuple(
            PlaceOrderLine(line.sku, line.quantity, sellers[line.seller] if line.seller else None)
            for line in planned.lines
        )
        request = PlaceOrder(self._customers[planned.customer].pk, lines, planned.note)
        try:
            return place_order(request=request, actor=self._ordered_by(planned), now=now).order
        except InsufficientStock as short:
            self._restock_short(planned, short, now)
        return place_order(request=request, actor=self._ordered_by(planned), now=now).order

    def _restock_short(self, planned: PlannedOrder, short: InsufficientStock, now: datetime) -> None:
        sellers = {line.sku: line.seller for line in planned.lines}
        for shortage in short.data["shortages"]:
            missing = shortage["requested"] - shortage["available"]
            self._storeroom.bring(shortage["sku"], sellers[shortage["sku"]], missing, now)

    @staticmethod
    def _sweep_unpaid(now: datetime) -> None:
        expire_unpaid_orders(now=now)


class _Telling:
    """One placed order's further story."""

    def __init__(self, timeline: Timeline, team: Team, buyer: Actor, rng: Random, order_id: UUID) -> None:
        self._timeline = timeline
        self._team = team
        self._buyer = buyer
        self._rng = rng
        self._order_id = order_id

    def tell(self, planned: PlannedOrder, *, now: datetime, soon: timedelta) -> None:
        """Plan what comes after placing; `soon` is the time there is to pay."""
        in_time = now + soon * self._rng.uniform(0.1, 0.8)
        much_later = now + timedelta(hours=self._rng.uniform(24, 44))
        story = planned.story
        if story in (Story.PAID, Story.PAID_TWICE):
            self._timeline.plan(in_time, partial(self._pay_order, planned.steps))
        if story in _CANCELS:
            self._timeline.plan(in_time, partial(self._cancel_by_story, story))
        if story == Story.PAID_TWICE:
            self._timeline.plan(much_later, partial(self._pay_order, 0))
        if story in (Story.PAID_LATE, Story.PAID_AFTER_CANCELLING):
            self._timeline.plan(much_later, partial(self._pay_order, planned.steps))
        if story == Story.TIMED_OUT:
            self._timeline.plan(now + timedelta(days=2), self._give_up)

    def _pay_order(self, steps: int, now: datetime) -> None:
        reference = f"TRF-{self._rng.randrange(10**8):08}"
        order = confirm_payment(order_id=self._order_id, actor=self._team.office, reference=reference, now=now)
        if order.status == OrderStatus.CONFIRMED:
            self._plan_step(0, steps, now)

    def _plan_step(self, step: int, steps: int, now: datetime) -> None:
        if step < steps:
            hours = self._rng.uniform(*_STEPS[step][1])
            at = _working_time(now + timedelta(hours=hours), self._rng)
            self._timeline.plan(at, partial(self._advance_step, step, steps))

    def _advance_step(self, step: int, steps: int, now: datetime) -> None:
        advance_order(order_id=self._order_id, status=_STEPS[step][0], actor=self._team.warehouse, now=now)
        self._plan_step(step + 1, steps, now)

    def _cancel_by_story(self, story: Story, now: datetime) -> None:
        if story == Story.CANCELLED_BY_STAFF:
            actor, reason, note = self._team.sales, CancelReason.STAFF, self._rng.choice(_STAFF_NOTES)
        else:
            actor, reason, note = self._buyer, CancelReason.CUSTOMER, ""
        cancel_order(order_id=self._order_id, actor=actor, reason=reason, note=note, now=now)

    def _give_up(self, now: datetime) -> None:
        """In a shop where orders never expire, staff clear away what was not paid."""
        order = Order.objects.only("status").get(pk=self._order_id)
        if order.status == OrderStatus.PENDING:
            cancel_order(
                order_id=order.pk,
                actor=self._team.sales,
                reason=CancelReason.STAFF,
                note="Never paid.",
                now=now,
            )


def _next_sweep(deadline: datetime) -> datetime:
    """The first of the worker's rounds after the deadline."""
    midnight = deadline.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + _SWEEP * ((deadline - midnight) // _SWEEP + 1)


def _working_time(moment: datetime, rng: Random) -> datetime:
    """The moment itself, or one in the first hour of the next working day."""
    if moment.hour in _WORKING_HOURS:
        return moment
    day = moment if moment.hour < _WORKING_HOURS.start else moment + timedelta(days=1)
    return day.replace(hour=_WORKING_HOURS.start, minute=rng.randrange(60), second=rng.randrange(60))
