"""The sales of a period as the dashboard shows them: totals, charts and conversion, each with the list behind it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models.variant import default_currency
from crm.dashboard.charts import Chart, Point, bar_chart
from crm.dashboard.order_lists import CANCELLED, EXPIRED, PAID, WAITING, orders_url
from crm.dashboard.period import Period
from crm.reads.sales import DaySales, Sales
from shared.admin.display import money, number


def report(sales: Sales, period: Period) -> dict[str, Any]:
    """What the template shows of the period; days after it are left out."""
    days = [day for day in sales.days if period.first <= day.day <= period.last]
    revenue = _revenue_by_currency(days)
    currency = next(iter(revenue), "") or default_currency()
    paid = sum(day.paid for day in days if day.currency == currency)
    return {
        "orders": _at_least(number(sum(day.placed for day in days)), sales),
        "orders_url": orders_url(period.first, period.last),
        "revenue": [_at_least(money(total, code), sales) for code, total in revenue.items()],
        "revenue_url": orders_url(period.first, period.last, **PAID),
        "average": money(revenue[currency] / paid, currency) if paid else "",
        "conversion": list(_conversion_rows(days, period)),
        "charts": [_orders_chart(days, period), _revenue_chart(days, period, currency)],
        "currency": currency,
        "as_of": sales.as_of,
    }


def _revenue_by_currency(days: Sequence[DaySales]) -> dict[str, Decimal]:
    """By currency, the highest in front."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for day in days:
        sums[day.currency] += day.revenue
    return {code: sums[code] for code in sorted(sums, key=lambda code: (-sums[code], code)) if sums[code]}


def _conversion_rows(days: Sequence[DaySales], period: Period) -> Iterator[dict[str, Any]]:
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
