"""How reservations ended: what the kept sums of sales do not know. Each statement is bounded, in a shop of any size."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q

from orders.models.order import Order
from orders.models.payment import Payment, PaymentMatch
from orders.states import CancelReason, OrderStatus
from shared.clock import bounds_of_days, day_of, shop_zone, start_of_day

# Medians and payment methods are those of the period's newest so many orders.
MOST_ORDERS = 20_000
MOST_LATE = 5_000


class _Median(Aggregate):
    """Of what is not null."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True, slots=True)
class Ended:
    """Orders by what they were to be paid by (empty: unknown), how they ended, and how long half of the paid ones took
    at most."""

    payment_method: str
    placed: int
    paid: int
    expired: int
    cancelled: int
    median: timedelta | None


def ended_by_method(first: date, last: date) -> list[Ended]:
    """Of the newest orders placed on these days of the shop, the commonest method in front. Reads order_created."""
    timed_out = Q(status=OrderStatus.CANCELLED, cancel_reason=CancelReason.PAYMENT_TIMEOUT)
    by_hand = Q(status=OrderStatus.CANCELLED) & ~Q(cancel_reason=CancelReason.PAYMENT_TIMEOUT)
    rows = (
        Order.objects.filter(pk__in=_orders_placed_between(first, last))
        .order_by()
        .values("payment_method")
        .annotate(
            placed=Count("pk"),
            paid=Count("pk", filter=Q(paid_at__isnull=False)),
            expired=Count("pk", filter=timed_out),
            cancelled=Count("pk", filter=by_hand),
            median=_Median(_time_to_pay()),
        )
        .order_by("-placed", "payment_method")
    )
    return [Ended(**row) for row in rows]


def median_to_pay(first: date, last: date) -> timedelta | None:
    """How long half of the newest paid orders of these days took at most."""
    median: timedelta | None = Order.objects.filter(pk__in=_orders_placed_between(first, last)).aggregate(
        m=_Median(_time_to_pay())
    )["m"]
    return median


def paid_late(first: date) -> dict[date, int]:
    """How many orders placed on each of the shop's days from then on were paid after they had expired, and revived by
    that. Reads payment_at."""
    zone = shop_zone()
    since = start_of_day(first, zone)
    late = Payment.objects.filter(
        created_at__gte=since,
        match=PaymentMatch.LATE,
        order__paid_at__isnull=False,
        order__created_at__gte=since,
    )
    placed = late.order_by().values_list("order__created_at", flat=True)[:MOST_LATE]
    return Counter(day_of(moment, zone) for moment in placed)


def _orders_placed_between(first: date, last: date) -> Any:
    since, until = bounds_of_days(first, last)
    placed = Order.objects.whole().filter(created_at__gte=since, created_at__lt=until)
    return placed.order_by("-created_at", "-id").values("pk")[:MOST_ORDERS]


def _time_to_pay() -> ExpressionWrapper:
    return ExpressionWrapper(F("paid_at") - F("created_at"), output_field=DurationField())
