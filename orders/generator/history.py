"""Invented orders in order of time, as lines of COPY text."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from orders.generator.cast import TAX_PERCENT, Cast
from orders.generator.text import NULL, money, uuid7_at
from orders.states import CancelReason, OrderStatus, PaymentStatus

ORDER_COLUMNS = (
    "id, number, customer_id, customer_name, customer_email, status, payment_status, currency, subtotal, "
    "discount_total, tax_total, shipping_total, total, note, paid_at, cancelled_at, cancel_reason, version, "
    "created_at, updated_at"
)
ITEM_COLUMNS = (
    "id, order_id, position, variant_id, seller_id, sku, name, quantity, unit_price, tax_rate, total_price, "
    "tax_amount, refunded_quantity, status, listed_at"
)
_TAX_RATE = f"{TAX_PERCENT / 100}"
_ORDER_SIZES, _SIZE_WEIGHTS = (1, 2, 3, 4), (40, 30, 20, 10)
# What has become of an order of a certain age: (younger than so many days, the states and their weights).
_FATES = (
    (2, (("PENDING", 30), ("CONFIRMED", 40), ("PROCESSING", 20), ("CANCELLED", 10))),
    (6, (("PENDING", 2), ("CONFIRMED", 13), ("PROCESSING", 35), ("SHIPPED", 40), ("CANCELLED", 10))),
    (15, (("PROCESSING", 3), ("SHIPPED", 37), ("DELIVERED", 48), ("CANCELLED", 12))),
    (10_000, (("DELIVERED", 86), ("CANCELLED", 14))),
)
_FATES_DRAWN = [(days, [s for s, _ in fates], [w for _, w in fates]) for days, fates in _FATES]
# A cancelled order was paid too late, so that the money is to be given back, so many times in 10,000.
_REFUNDS_DUE = 30


@dataclass(frozen=True, slots=True)
class Period:
    """`orders` orders from `since` until `until`, growing in number: the last year has most of them."""

    orders: int
    since: datetime
    until: datetime

    def moment(self, place: int) -> datetime:
        """When the order at that place (0 to orders - 1) was placed."""
        share: float = ((place + 0.5) / self.orders) ** 0.7
        return self.since + (self.until - self.since) * share


@dataclass(frozen=True, slots=True)
class Plot:
    """All that decides about the orders; the same plot is always the same history."""

    cast: Cast
    period: Period
    first_number: int
    seed: int


def write_batch(plot: Plot, places: range) -> tuple[str, str]:
    """The orders at those places (0 to orders - 1, in order of time): their lines for orders_order, and those of
    their items for orders_order_item."""
    # Dice of the batch's own: batches are written by several processes, and come out the same in any order.
    random = Random(f"{plot.seed} {places.start}")  # noqa: S311 - invented data
    orders, items = [], []
    for place in places:
        moment = plot.period.moment(place)
        order, lines = _order_rows(plot.cast, moment, plot.period.until - moment, plot.first_number + place, random)
        orders.append(order)
        items.append(lines)
    return "".join(orders), "".join(items)


def _order_rows(cast: Cast, moment: datetime, age: timedelta, number: int, random: Random) -> tuple[str, str]:
    milliseconds = int(moment.timestamp() * 1000)
    # An id of the moment it tells of, as those of real orders are: indexes by id are in order of time.
    order_id = uuid7_at(milliseconds, random)
    when = moment.isoformat()
    status = _draw_status(age, random)
    subtotal = tax = 0
    items = []
    seller_id = cast.pick_seller(random)  # one: an order over several would have sub-orders
    for position in range(1, random.choices(_ORDER_SIZES, _SIZE_WEIGHTS)[0] + 1):
        goods, quantity = cast.pick_goods(random), 1 + int(4 * random.random() ** 3)
        net = goods.cents * quantity
        line_tax = (net * TAX_PERCENT + 50) // 100
        subtotal += net
        tax += line_tax
        items.append(
            f"{uuid7_at(milliseconds, random)}\t{order_id}\t{position}\t{goods.variant_id}\t{seller_id}\t{goods.sku}\t"
            f"{goods.name}\t{quantity}\t{money(goods.cents)}\t{_TAX_RATE}\t{money(net)}\t{money(line_tax)}\t0\t"
            f"{status}\t{when if position == 1 else NULL}\n"
        )
    buyer = cast.pick_buyer(random)
    line = (
        f"{order_id}\t{number}\t{buyer.customer_id}\t{buyer.name}\t{buyer.email}\t{status}\t"
        f"{_payment_status_of(status, random)}\t{cast.currency}\t{money(subtotal)}\t0\t"
        f"{money(tax)}\t0\t{money(subtotal + tax)}\t"
        f"\t{_ending_columns(status, moment)}\t1\t{when}\t{when}\n"
    )
    return line, "".join(items)


def _draw_status(age: timedelta, random: Random) -> str:
    states, weights = next((states, weights) for days, states, weights in _FATES_DRAWN if age.days < days)
    return random.choices(states, weights)[0]


def _payment_status_of(status: str, random: Random) -> str:
    if status == OrderStatus.CANCELLED and random.randrange(10_000) < _REFUNDS_DUE:
        return PaymentStatus.REFUND_DUE.value
    unpaid = status in (OrderStatus.PENDING, OrderStatus.CANCELLED)
    return (PaymentStatus.PENDING if unpaid else PaymentStatus.PAID).value


def _ending_columns(status: str, moment: datetime) -> str:
    """paid_at, cancelled_at and cancel_reason. No order has a deadline: the sweep leaves them alone."""
    later = (moment + timedelta(minutes=9)).isoformat()
    if status == OrderStatus.CANCELLED:
        return f"{NULL}\t{later}\t{CancelReason.PAYMENT_TIMEOUT.value}"
    return f"{NULL if status == OrderStatus.PENDING else later}\t{NULL}\t"
