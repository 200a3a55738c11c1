"""RFM: how recently, how often and for how much a customer bought, each from 1 (least) to 5. Pure: no database.

The rule is fixed, so that a score means the same today and in a year, and the same in every shop:

| score | last paid order | paid orders | paid in all, less refunds, in the currency most was paid in |
| ---: | --- | ---: | ---: |
| 5 | up to 30 days ago | 20 or more | 5,000 or more |
| 4 | up to 90 days ago | 10 or more | 1,000 or more |
| 3 | up to 180 days ago | 5 or more | 300 or more |
| 2 | up to 365 days ago | 2 or more | 100 or more |
| 1 | longer ago, or never | 1 or none | less |
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

_RECENCY_DAYS = ((30, 5), (90, 4), (180, 3), (365, 2))
_FREQUENCY = ((20, 5), (10, 4), (5, 3), (2, 2))
_MONETARY = ((5_000, 5), (1_000, 4), (300, 3), (100, 2))


@dataclass(frozen=True, slots=True)
class Rfm:
    recency: int
    frequency: int
    monetary: int
    days_ago: int | None  # since the last paid order was placed; None: never bought

    def __str__(self) -> str:
        return f"{self.recency}-{self.frequency}-{self.monetary}"


def rfm_of(*, last_paid_order_at: datetime | None, paid_orders: int, revenue: Decimal, now: datetime) -> Rfm:
    """The scores by the table above."""
    days = max(0, (now - last_paid_order_at).days) if last_paid_order_at else None
    recency = next((score for limit, score in _RECENCY_DAYS if days is not None and days <= limit), 1)
    frequency = next((score for least, score in _FREQUENCY if paid_orders >= least), 1)
    monetary = next((score for least, score in _MONETARY if revenue >= least), 1)
    return Rfm(recency, frequency, monetary, days)
