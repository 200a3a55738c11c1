"""The cards of today's orders and of the sales of a period."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from crm.dashboard.card import MOST_SHOWN
from crm.dashboard.order_lists import orders_url
from crm.dashboard.period import DEFAULT_PERIOD, PERIODS, Period, period_of
from crm.dashboard.sales_report import report
from crm.reads import sales, waiting
from shared.clock import utc_today


def orders_and_sales(request: HttpRequest) -> dict[str, Any]:
    today = utc_today()
    period = period_of(request.GET.get("period", DEFAULT_PERIOD), today)
    known = sales.sales_since(period.first)
    an_hour_ago = timezone.now() - timedelta(hours=1)
    return {
        "report": report(known, period),
        "today": report(known, Period("day", today, today)),
        "period": period.key,
        "periods": PERIODS,
        "expired_hour": waiting.count_bounded(waiting.expired_since(an_hour_ago)),
        "pending_count": waiting.count_bounded(waiting.unpaid_orders()),
        "pending": list(waiting.unpaid_orders_by_deadline()[:MOST_SHOWN]),
        "today_url": orders_url(today, today),
    }
