"""Opening the demo shop: 90 days of history, made in the order in which it happened."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random

from django.conf import settings
from django.db import transaction

from crm.demo.catalogue import Catalogue, make_catalogue
from crm.demo.email_templates import make_email_templates
from crm.demo.marks import SOURCE, mark_demo_rows
from crm.demo.names import COMPANIES
from crm.demo.opening import (
    check_never_loaded,
    check_shop_is_empty,
    one_load_at_a_time,
    put_sign_up,
    take_sign_down,
    without_waiting_for_the_disk,
)
from crm.demo.order_plan import HISTORY_DAYS, Planner
from crm.demo.orders import Storyteller
from crm.demo.people import BUYERS, LOGINS, Team, hire_team, make_buyers, make_customers, open_logins
from crm.demo.pipeline import SalesDesk
from crm.demo.prices import make_price_rules
from crm.demo.stock import LOCATIONS, Storeroom, build_storeroom
from crm.demo.stories import PlannedOrder
from crm.demo.timeline import Timeline
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.upkeep.refresh_sales import refresh_sales
from shared.clock import database_now
from shared.history.signing import acting
from users.models.customer import Customer

_SEED = "kontor demo shop"
_LONGEST_WAIT_MINUTES = 15
_DAYS_BETWEEN_DELIVERIES = 3
_STOCKTAKES = 12
_NEWCOMERS = 0.35
_ORDERS_A_REPORT = 50

Say = Callable[[str], None]


def load_demo_shop(
    *, password: str, orders: int, say: Say, now: datetime | None = None, is_first: bool = False
) -> None:
    """Fill the empty shop: `orders` orders over the days before `now`, the last ones still to be paid.

    `say` hears of every stage. The same day gives the same shop, whatever the hour. Only at the end do the
    demo logins get `password`. Commits as it goes. Raises ShopNotEmpty (with `is_first` also where it
    was loaded and removed before), LoadInterrupted or LoadRunning before anything is written.
    """
    with one_load_at_a_time():
        check_shop_is_empty()
        if is_first:
            check_never_loaded()
        with acting(None, SOURCE), without_waiting_for_the_disk():
            _Load(orders=orders, say=say, now=now).run()
        with acting(None, SOURCE), transaction.atomic():
            open_logins(password)
            take_sign_down()
            mark_demo_rows()
        say(f"Logins: {len(LOGINS)}")


class _Load:
    """One run. Every part has dice of its own, so that a change to one leaves the others as they were."""

    def __init__(self, *, orders: int, say: Say, now: datetime | None) -> None:
        self._count = orders
        self._say = say
        self._now = now
        # An hour back, so that the orders of the last hour are never of the day before.
        begun = (now or database_now()) - timedelta(hours=1)
        self._today = begun.replace(hour=0, minute=0, second=0, microsecond=0)
        self._opened = self._today - timedelta(days=HISTORY_DAYS + 1) + timedelta(hours=9)
        waiting = settings.PAYMENT_TIMEOUT_MINUTES or _LONGEST_WAIT_MINUTES
        self._minutes_to_pay = min(waiting, _LONGEST_WAIT_MINUTES)

    def run(self) -> None:
        """All stages, in the order in which one needs the other."""
        catalogue, team = self._open_shop()
        planner = Planner(catalogue.goods.values(), _random_for("orders"))
        past = planner.past(self._count - planner.latest_count, today=self._today)
        customers = self._invite_customers(past)
        storeroom = self._stock_shelves(catalogue, team)
        timeline = Timeline()
        storyteller = Storyteller(
            timeline=timeline,
            storeroom=storeroom,
            team=team,
            customers=customers,
            buyers=make_buyers(customers),
            minutes_to_pay=self._minutes_to_pay,
            seed=_SEED,
            on_placed=self._report_placed,
        )
        self._plan_stock(timeline, storeroom)
        storyteller.plan(past)
        timeline.run_until(self._today)
        self._sell_to(team, customers)
        self._last_hour(timeline, planner, storyteller)
        make_price_rules(catalogue, at=self._today)
        refresh_sales(everything=True)  # written now, of the past

    def _open_shop(self) -> tuple[Catalogue, Team]:
        with transaction.atomic():
            put_sign_up()
            catalogue = make_catalogue(at=self._opened)
        self._say(
            f"Catalogue: {catalogue.products} products, {len(catalogue.goods)} variants in "
            f"{catalogue.categories} categories"
        )
        return catalogue, hire_team(at=self._opened)

    def _invite_customers(self, past: Sequence[PlannedOrder]) -> list[Customer]:
        """Some customers came with their first order, the rest were there before the shop went online."""
        rng = _random_for("customers")
        since: dict[int, datetime] = {}
        for order in past:
            known_for = timedelta(days=rng.uniform(95, 700))
            if order.customer >= len(BUYERS) and rng.random() < _NEWCOMERS:
                known_for = timedelta(minutes=rng.uniform(2, 90))
            since.setdefault(order.customer, order.at - known_for)
        customers = make_customers(since=since, otherwise=self._opened - timedelta(days=30), rng=rng)
        self._say(f"People: {len(customers)} customers, {len(COMPANIES)} companies")
        return customers

    def _stock_shelves(self, catalogue: Catalogue, team: Team) -> Storeroom:
        storeroom = build_storeroom(catalogue.goods.values(), keeper=team.warehouse, at=self._opened)
        storeroom.fill(self._opened)
        self._say(
            f"Stock: {len(storeroom.shelves)} levels of {1 + len(storeroom.sellers)} sellers at "
            f"{1 + len(LOCATIONS)} locations"
        )
        return storeroom

    def _plan_stock(self, timeline: Timeline, storeroom: Storeroom) -> None:
        rng = _random_for("stock")
        for days in range(HISTORY_DAYS, 1, -_DAYS_BETWEEN_DELIVERIES):
            morning = self._today - timedelta(days=days) + timedelta(hours=7, minutes=40)
            timeline.plan(morning, storeroom.replenish)
        for _ in range(_STOCKTAKES):
            evening = self._today - timedelta(days=rng.randrange(2, HISTORY_DAYS)) + timedelta(hours=18)
            timeline.plan(evening, partial(storeroom.mishap, rng))
        timeline.plan(self._today - timedelta(minutes=1), storeroom.run_down)

    def _sell_to(self, team: Team, customers: Sequence[Customer]) -> None:
        desk = SalesDesk(customers=customers, team=team, today=self._today, rng=_random_for("sales"))
        work = desk.make_all()
        make_email_templates(at=self._opened)
        self._say(f"Sales: {work.leads} leads, {work.deals} deals, {work.tasks} tasks, {work.notes} notes")

    def _last_hour(self, timeline: Timeline, planner: Planner, storyteller: Storyteller) -> None:
        """With the clock read again, so that the time to pay still runs when all is done."""
        now = self._now or database_now()
        timeline.plan(now - timedelta(hours=1), _sweep_unpaid)
        storyteller.plan(planner.latest(now=now, minutes_to_pay=self._minutes_to_pay))
        timeline.run_until(now)

    def _report_placed(self, placed: int) -> None:
        if placed % _ORDERS_A_REPORT == 0 or placed == self._count:
            self._say(f"Orders: {placed} of {self._count}")


def _sweep_unpaid(moment: datetime) -> None:
    expire_unpaid_orders(now=moment)


def _random_for(part: str) -> Random:
    return Random(f"{_SEED}/{part}")  # noqa: S311 - made-up content
