"""What an order of the demo shop is before it is placed."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto


class Story(Enum):
    """How an order goes on after it was placed."""

    PAID = auto()
    PAID_TWICE = auto()
    TIMED_OUT = auto()
    PAID_LATE = auto()
    CANCELLED_BY_CUSTOMER = auto()
    CANCELLED_BY_STAFF = auto()
    PAID_AFTER_CANCELLING = auto()
    UNPAID = auto()


# How many of a hundred orders go which way; those not named are told on purpose.
ODDS = {
    Story.PAID: 81,
    Story.TIMED_OUT: 7,
    Story.CANCELLED_BY_CUSTOMER: 5,
    Story.CANCELLED_BY_STAFF: 3,
    Story.PAID_LATE: 2,
    Story.PAID_AFTER_CANCELLING: 1,
    Story.PAID_TWICE: 1,
}


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """`seller` is the slug of who is to deliver; None leaves it to the shop."""

    sku: str
    quantity: int
    seller: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """`customer` is a place in the list of customers; `steps` is how far staff take the order once it is
    paid: 3 delivers it."""

    at: datetime
    customer: int
    lines: tuple[PlannedLine, ...]
    story: Story
    steps: int = 3
    note: str = ""
