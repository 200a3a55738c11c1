"""Which orders the demo shop gets: who buys what, when, and how it goes on. Pure: dice and the calendar."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random

from crm.demo.assortment import LIMITED, RUNNING_LOW, SOLD_OUT
from crm.demo.catalogue import Good
from crm.demo.names import CUSTOMERS
from crm.demo.stock import PARTNER
from crm.demo.stories import ODDS, PlannedLine, PlannedOrder, Story

MIN_ORDERS = 40
HISTORY_DAYS = 90
# In the last days before today staff are still at work on what was bought.
RECENT_DAYS = 3
# The last hour: so many minutes ago, paid; and unpaid ones, by how much of their time to pay is over.
LATEST_PAID = (58.0, 47.0, 39.0, 31.0)
LATEST_UNPAID = (0.8, 0.6, 0.4, 0.2, 0.1, 0.02)
# Orders by hour (UTC): a shop that is read at lunch and bought from in the evening.
_BY_HOUR = (0, 0, 0, 0, 0, 0, 1, 3, 5, 7, 9, 10, 11, 9, 7, 6, 7, 8, 10, 12, 11, 7, 3, 0)
_NOTES = (
    "Please leave it at the reception.", "Gift: no price on the slip, please.", "Deliver after 5 pm.",
    "Ring twice, the bell is quiet.", "Same as last time.", "Invoice to our Dublin office.",
)  # fmt: skip


class Planner:
    """Deals out orders with one pack of dice: the same seed gives the same orders."""

    latest_count = len(LATEST_PAID) + len(LATEST_UNPAID)

    def __init__(self, goods: Iterable[Good], rng: Random) -> None:
        self._rng = rng
        self._goods = [good for good in goods if good.is_active and good.sku not in LIMITED]
        self._plenty = [good for good in self._goods if good.sku not in (*SOLD_OUT, *RUNNING_LOW)]

    def past(self, count: int, *, today: datetime) -> list[PlannedOrder]:
        """`count` orders before `today` (its first moment), oldest first; every story is among them."""
        races = list(self._limited_editions(today))
        recent = max(2 * RECENT_DAYS, count // 20)
        stories = self._draw_stories(count - len(races) - recent)
        orders = [self._plan_order(self._long_ago(today), story) for story in stories]
        orders += [self._recent_order(today, days_ago=1 + number % RECENT_DAYS) for number in range(recent)]
        return sorted([*orders, *races], key=lambda order: order.at)

    def latest(self, *, now: datetime, minutes_to_pay: float) -> list[PlannedOrder]:
        """The orders of the last hour, oldest first; the last ones are still to be paid."""
        ages = [(minutes, Story.PAID) for minutes in LATEST_PAID]
        ages += [(share * minutes_to_pay, Story.UNPAID) for share in LATEST_UNPAID]
        return [
            self._plan_order(now - timedelta(minutes=minutes), story, among=self._plenty, steps=0)
            for minutes, story in ages
        ]

    def _draw_stories(self, count: int) -> list[Story]:
        stories = [*ODDS, *self._rng.choices(list(ODDS), list(ODDS.values()), k=count - len(ODDS))]
        self._rng.shuffle(stories)
        return stories

    def _long_ago(self, today: datetime) -> datetime:
        """A moment of the history before the recent days; the shop grows, so later days are likelier."""
        day = int((HISTORY_DAYS - RECENT_DAYS) * self._rng.random() ** 0.7)
        return self._moment_of(today - timedelta(days=HISTORY_DAYS - day))

    def _moment_of(self, day: datetime) -> datetime:
        hour = self._rng.choices(range(24), _BY_HOUR)[0]
        return day + timedelta(hours=hour, seconds=self._rng.randrange(3600))

    def _recent_order(self, today: datetime, *, days_ago: int) -> PlannedOrder:
        """Paid, and a step further for every night since."""
        return self._plan_order(self._moment_of(today - timedelta(days=days_ago)), Story.PAID, steps=days_ago - 1)

    def _limited_editions(self, today: datetime) -> Iterator[PlannedOrder]:
        """Whoever takes all of a limited edition and does not pay in time loses it to the next buyer."""
        for place, (sku, units) in enumerate(LIMITED.items()):
            morning = today - timedelta(days=8 + 5 * place) + timedelta(hours=8)
            at = morning + timedelta(seconds=self._rng.randrange(3 * 3600))
            lines = (PlannedLine(sku, units),)
            yield PlannedOrder(at, self._draw_customer(), lines, Story.PAID_LATE)
            yield PlannedOrder(at + timedelta(hours=9), self._draw_customer(), lines, Story.PAID)

    def _plan_order(
        self, at: datetime, story: Story, *, among: list[Good] | None = None, steps: int = 3
    ) -> PlannedOrder:
        note = self._rng.choice(_NOTES) if self._rng.random() < 0.12 else ""
        return PlannedOrder(at, self._draw_customer(), self._draw_basket(among or self._goods), story, steps, note)

    def _draw_customer(self) -> int:
        """The first ones in the list come back most often."""
        return int(len(CUSTOMERS) * self._rng.random() ** 1.7)

    def _draw_basket(self, goods: list[Good]) -> tuple[PlannedLine, ...]:
        favour = [1 / (1 + place % 17) for place in range(len(goods))]
        lines = self._rng.choices((1, 2, 3, 4, 6), (44, 28, 15, 9, 4))[0]
        chosen = dict.fromkeys(self._rng.choices(goods, favour, k=lines))
        return tuple(PlannedLine(good.sku, self._draw_quantity(good), self._draw_seller(good)) for good in chosen)

    def _draw_quantity(self, good: Good) -> int:
        """More of what is cheap; once in a while an office buys by the dozen."""
        dozen = self._rng.random() < 0.05
        if good.price < 15:
            return self._rng.choice((12, 18, 24)) if dozen else self._rng.choice((1, 1, 2, 2, 3, 4, 6))
        if good.price < 60:
            return self._rng.choice((6, 8, 12)) if dozen else self._rng.choice((1, 1, 1, 2, 2, 3))
        return 4 if dozen else self._rng.choice((1, 1, 1, 1, 2))

    def _draw_seller(self, good: Good) -> str | None:
        """Some ask for the partner where both the shop and the partner have it."""
        return PARTNER if good.lies_at == ("main", "hamburg") and self._rng.random() < 0.25 else None
