"""The admin's first page."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from catalog.seller_reach import sellers_of
from crm.admin.sales_report import DEFAULT_PERIOD, PERIODS, Period, orders_url, period_of, report
from crm.queries import sales, waiting
from crm.queries.low_stock import low_stock
from orders.states import PaymentStatus
from shared.admin.display import money
from shared.clock import utc_today

_SHOWN = 6


def fill(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what this colleague may see; what they may not see is not read either."""
    may = request.user.has_perm
    context["now"] = timezone.now()
    sees_shop = sellers_of(request.user) is None  # figures are of the whole shop
    if sees_shop and may("orders.view_order"):
        context.update(_orders(request))
        if may("users.view_customer"):
            context["top_customers"] = _top_customers(context["report"]["currency"])
    if may("orders.view_payment"):
        refunds = list(waiting.refunds_due()[: waiting.MAX_COUNTED + 1])
        context["refunds"] = refunds[:_SHOWN]
        context["refunds_due"] = waiting.bounded_number(len(refunds))
        context["refund_due_status"] = PaymentStatus.REFUND_DUE
    if sees_shop and may("catalog.view_stocklevel"):
        context["low_stock"] = low_stock(_SHOWN)
    if may("crm.view_deal"):
        context["pipelines"] = list(_pipelines())
    if may("crm.view_task") and request.user.pk is not None:
        context["my_tasks"] = list(waiting.open_tasks_of(request.user.pk)[:_SHOWN])
    return context


def _orders(request: HttpRequest) -> dict[str, Any]:
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
        "pending": list(waiting.unpaid_orders_by_deadline()[:_SHOWN]),
        "today_url": orders_url(today, today),
    }


def _top_customers(currency: str) -> list[dict[str, Any]]:
    best = sales.top_customers(currency, _SHOWN)
    highest = best[0].revenue if best else None
    return [
        {
            "customer": row.customer,
            "paid": row.paid,
            "revenue": money(row.revenue, currency),
            "share": round(100 * row.revenue / highest) if highest else 0,
        }
        for row in best
    ]


def _pipelines() -> Iterator[dict[str, Any]]:
    """Each pipeline with its stages, each with how many deals and what they are worth."""
    for pipeline, members in groupby(waiting.open_deals_by_stage(), key=lambda row: row.pipeline):
        stages = []
        for (stage_id, name), rows in groupby(members, key=lambda row: (row.stage_id, row.stage)):
            found = [row for row in rows if row.deals]
            number = sum(row.deals for row in found)
            least = number > waiting.MAX_OF_STAGE
            stages.append(
                {
                    "id": stage_id,
                    "name": name,
                    "number": number,
                    "deals": waiting.bounded_number(number, waiting.MAX_OF_STAGE),
                    "value": [money(row.value, row.currency) for row in found],
                    "is_least": least,
                }
            )
        most = max(stage["number"] for stage in stages)
        for stage in stages:
            stage["share"] = round(100 * stage["number"] / most) if most else 0
        yield {"name": pipeline, "stages": stages}
