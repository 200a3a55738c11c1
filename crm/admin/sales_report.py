"""The sales of a period as the dashboard shows them: totals, charts and conversion, each with the list behind it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.admin.charts import Chart, Point, bar_chart
from crm.queries.sales import DaySales, Sales
from orders.states import JOURNEY, MONEY_IS_HERE, CancelReason, OrderStatus
from shared.admin.display import money, number

PERIODS = {"7": _("7 days"), "30": _("30 days"), "90": _("90 days"), "12m": _("12 months")}
DEFAULT_PERIOD = "30"
PAID = {"payment_status__in": ",".join(MONEY_IS_HERE), "status__in": ",".join(JOURNEY)}
EXPIRED = {"status__exact": OrderStatus.CANCELLED.value, "cancel_reason__exact": CancelReason.PAYMENT_TIMEOUT.value}
_BY_HAND = f"{CancelReason.CUSTOMER.value},{CancelReason.STAFF.value}"
CANCELLED = {"status__exact": OrderStatus.CANCELLED.value, "cancel_reason__in": _BY_HAND}
WAITING = {"status__exact": OrderStatus.PENDING.value}


@dataclass(frozen=True, slots=True)
class Period:
    """`key` of PERIODS; from `first` to `last`, both included."""

    key: str
    first: date
    last: date

    def steps(self) -> Iterator[tuple[date, date, str]]:
        """(first day, last day, name) of each bar: a day, or a month where there are twelve."""
        day = self.first
        while day <= self.last:
            if self.key == "12m":
                last = min(_months_later(day, 1) - timedelta(days=1), self.last)
                yield day, last, date_format(day, "M Y")
            else:
                last = day
                yield day, day, date_format(day, "d M")
            day = last + timedelta(days=1)


def period_of(key: str, today: date) -> Period:
    """The period up to today, whatever `key` came; twelve months begin with the first of one."""
    if key not in PERIODS:
        key = DEFAULT_PERIOD
    first = _months_later(today.replace(day=1), -11) if key == "12m" else today - timedelta(days=int(key) - 1)
    return Period(key, first, today)


def orders_url(first: date, last: date, **filters: str) -> str:
    """The list of orders placed on these days, and of this kind."""
    days = {"created_at_from_0": first, "created_at_from_1": "00:00:00"}
    days |= {"created_at_to_0": last, "created_at_to_1": "23:59:59.999999"}
    return f"{reverse('admin:orders_order_changelist')}?{urlencode(days | filters)}"


def report(sales: Sales, period: Period) -> dict[str, Any]:
    """What the template shows of the period; days after it are left out."""
    days = [day for day in sales.days if period.first <= day.day <= period.last]
    revenue = _revenue(days)
    currency = next(iter(revenue), settings.DEFAULT_CURRENCY)
    paid = sum(day.paid for day in days if day.currency == currency)
    return {
        "orders": _at_least(number(sum(day.placed for day in days)), sales),
        "orders_url": orders_url(period.first, period.last),
        "revenue": [_at_least(money(total, code), sales) for code, total in revenue.items()],
        "revenue_url": orders_url(period.first, period.last, **PAID),
        "average": money(revenue[currency] / paid, currency) if paid else "",
        "conversion": list(_conversion(days, period)),
        "charts": [_orders_chart(days, period), _revenue_chart(days, period, currency)],
        "currency": currency,
        "as_of": sales.as_of,
    }


def _revenue(days: Sequence[DaySales]) -> dict[str, Decimal]:
    """By currency, the highest in front."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for day in days:
        sums[day.currency] += day.revenue
    return {code: sums[code] for code in sorted(sums, key=lambda code: (-sums[code], code)) if sums[code]}


def _conversion(days: Sequence[DaySales], period: Period) -> Iterator[dict[str, Any]]:
    placed = sum(day.placed for day in days)
    paid, expired = sum(day.paid for day in days), sum(day.expired for day in days)
    cancelled = sum(day.cancelled for day in days)
    waiting = placed - paid - expired - cancelled
    for label, colour, orders, kind in (
        (_("Converted: paid, the stock is sold"), "success", paid, PAID),
        (_("Expired: not paid in time"), "danger", expired, EXPIRED),
        (_("Cancelled by hand"), "warning", cancelled, CANCELLED),
        (_("Still held"), "info", waiting, WAITING),
    ):
        share = 100 * orders / placed if placed else 0.0
        url = orders_url(period.first, period.last, **kind)
        yield {"label": label, "colour": colour, "number": orders, "share": round(share, 1), "url": url}


def _orders_chart(days: Sequence[DaySales], period: Period) -> Chart:
    points = []
    for first, last, name in period.steps():
        placed = sum(day.placed for day in days if first <= day.day <= last)
        points.append(Point(name, Decimal(placed), number(placed), orders_url(first, last)))
    return bar_chart(gettext("Orders placed"), gettext("Orders"), points)


def _revenue_chart(days: Sequence[DaySales], period: Period, currency: str) -> Chart:
    points = []
    for first, last, name in period.steps():
        of_step = (day.revenue for day in days if first <= day.day <= last and day.currency == currency)
        total = sum(of_step, Decimal(0))
        points.append(Point(name, total, money(total, currency), orders_url(first, last, **PAID)))
    return bar_chart(gettext("Revenue in %(currency)s") % {"currency": currency}, gettext("Revenue"), points)


def _at_least(text: str, sales: Sales) -> str:
    return gettext("at least %(value)s") % {"value": text} if sales.is_least else text


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1)
