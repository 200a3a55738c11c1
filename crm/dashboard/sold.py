"""The orders of the period that the page is asked for: read once for all cards of a request."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest

from crm.dashboard.period import DEFAULT_PERIOD, Period, period_of
from crm.dashboard.sales_report import report
from crm.reads.sales import Sales, sales_since
from shared.clock import shop_today

_KEPT = "_sold"


@dataclass(frozen=True, slots=True)
class Sold:
    """`sales` reach from the first day of `period` to today; `report` is made of them."""

    today: date
    period: Period
    sales: Sales
    report: dict[str, Any]


def sold_of(request: HttpRequest) -> Sold:
    """`?period=` is a key of PERIODS. One statement a request, however many cards ask."""
    known: Sold | None = request.__dict__.get(_KEPT)
    if known is None:
        today = shop_today()
        period = period_of(request.GET.get("period", DEFAULT_PERIOD), today)
        sales = sales_since(period.first)
        known = request.__dict__[_KEPT] = Sold(today, period, sales, report(sales, period))
    return known
