"""How much one buyer may hold without having paid: else one login could keep a shop's whole stock from everybody."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from orders.models.reservation import Reservation
from orders.placing.requested_lines import RequestedLine
from orders.states import OrderStatus, ReservationStatus
from shared.errors import Refusal
from shared.planner.lookups import one_of
from users.models.customer import Customer


@dataclass(frozen=True, slots=True)
class OrderLimits:
    """At most so many `units` of one variant in an order, `unpaid_orders` of one customer at a time and `held_units`
    of all variants in these. 0: no limit."""

    units: int
    unpaid_orders: int
    held_units: int


@dataclass(frozen=True, slots=True)
class Held:
    """What a customer has that is neither paid nor overdue. Counted a little beyond the limits, no further."""

    unpaid_orders: int = 0
    units: int = 0


class OrderLimit(Refusal):
    """`what` is units, unpaid_orders or held_units; `limit` how many there may be."""

    code = "order_limit"
    title = _("More than one buyer may order at a time")
    members = {"limit": int, "what": str}

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(_TEXTS[what] % {"limit": limit}, what=what, limit=limit)
        self.is_of_request = what == "units"  # and not of what its buyer has besides
        if self.is_of_request:
            self.data["errors"] = [{"pointer": "/items", "code": self.code, "detail": self.detail}]


_TEXTS = {
    "units": _("An order has at most %(limit)d units of one variant."),
    "unpaid_orders": _("At most %(limit)d orders may wait for payment. Pay or cancel one of them first."),
    "held_units": _("Orders that wait for payment may hold %(limit)d units. Pay or cancel one of them first."),
}


def limits_for(*, as_customer: bool) -> OrderLimits | None:
    """The limits of whoever places an order: a customer's own login has them, staff and their keys only where
    ORDER_LIMITS_FOR is "everyone". None: no limits."""
    if not as_customer and settings.ORDER_LIMITS_FOR != "everyone":
        return None
    return OrderLimits(settings.ORDER_LIMIT_UNITS, settings.ORDER_LIMIT_UNPAID_ORDERS, settings.ORDER_LIMIT_HELD_UNITS)


def check_units(limits: OrderLimits, lines: Iterable[RequestedLine]) -> None:
    """Raises OrderLimit for an order with too many units of one variant, whoever sells them."""
    # By variant and not by line: naming two sellers would else be a way round.
    units: dict[UUID, int] = {}
    for line in lines:
        units[line.sellable.variant_id] = units.get(line.sellable.variant_id, 0) + line.quantity
    if limits.units and max(units.values(), default=0) > limits.units:
        raise OrderLimit("units", limits.units)


def check_held(limits: OrderLimits, held: Held) -> None:
    """Raises OrderLimit for a customer that has, or would have, too much that is unpaid."""
    if limits.unpaid_orders and held.unpaid_orders > limits.unpaid_orders:
        raise OrderLimit("unpaid_orders", limits.unpaid_orders)
    if limits.held_units and held.units > limits.held_units:
        raise OrderLimit("held_units", limits.held_units)


def check_next(limits: OrderLimits, before: Held, units: int) -> None:
    """Raises OrderLimit for a customer who, holding so much, orders so many units of stock more."""
    check_held(limits, Held(before.unpaid_orders + 1, before.units + units))


def read_held(customer_ids: Collection[UUID], limits: OrderLimits, now: datetime | None) -> Mapping[UUID, Held]:
    """What each of them holds, by one statement that reads at most a row more than the limits allow of each. Locks
    nothing."""
    moment = Value(now) if now else Now()
    unpaid = Order.objects.filter(
        _not_overdue("payment_expires_at", moment),
        customer=OuterRef("pk"),
        status=OrderStatus.PENDING,
        parent__isnull=True,
    )
    holds = Reservation.objects.filter(
        _not_overdue("expires_at", moment),
        item__order__customer=OuterRef("pk"),
        item__order__status=OrderStatus.PENDING,
        status=ReservationStatus.ACTIVE,
    )
    # From the customers, not from the orders: one statement answers for every buyer of a batch, those without orders
    # too.
    rows = Customer.objects.filter(one_of("pk", customer_ids)).order_by()
    counted = rows.values_list(
        "pk",
        ArraySubquery(_at_most(unpaid, limits.unpaid_orders).values(one=Value(1))),
        ArraySubquery(_at_most(holds, limits.held_units).values("quantity")),
    )
    return {pk: Held(len(orders), sum(units)) for pk, orders, units in counted}


def _not_overdue(field: str, moment: Value | Now) -> Q:
    # What is overdue and not yet swept blocks nobody, so it must not count against its buyer either.
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gt": moment})


def _at_most(rows: QuerySet, limit: int) -> QuerySet:
    # One more than allowed is enough to refuse; a login with thousands of unpaid orders must not make this read slow.
    return rows.order_by()[: limit + 1]
