"""The admin's first page."""

import json
from typing import Any

from django.http import HttpRequest

from crm import queries
from crm.admin.amounts import text_of
from orders.order_state import PaymentStatus

_SHOWN = 6


def fill(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what this colleague may see; what they may not see is not read either."""
    may = request.user.has_perm
    if may("orders.view_order"):
        context.update(_orders())
    if may("catalog.view_stocklevel"):
        context["low_stock"] = queries.low_stock(_SHOWN)
    if may("crm.view_task") and request.user.pk is not None:
        context["my_tasks"] = list(queries.open_tasks_of(request.user.pk)[:_SHOWN])
    return context


def _orders() -> dict[str, Any]:
    since = queries.today()
    orders_today = queries.orders_since(since)
    return {
        "orders_today": queries.count_bounded(orders_today),
        "revenue_today": [text_of(sum_) for sum_ in queries.revenue_since(since)],
        "pending_count": queries.count_bounded(queries.unpaid_orders()),
        "pending": list(queries.unpaid_orders_by_deadline()[:_SHOWN]),
        "refunds_due": queries.count_bounded(queries.refunds_due()),
        "refund_due_status": PaymentStatus.REFUND_DUE,
        "chart": json.dumps(_chart(queries.orders_per_day())),
        "chart_options": json.dumps(_CHART_OPTIONS),
        "since": since,
    }


def _chart(days: list[tuple[str, int]]) -> dict[str, Any]:
    return {
        "labels": [day for day, _ in days],
        "datasets": [
            {
                "label": "Orders placed",
                "data": [number for _, number in days],
                "backgroundColor": "var(--color-primary-600)",
                "borderRadius": 3,
            }
        ],
    }


_CHART_OPTIONS = {
    "barPercentage": 0.7,
    "maintainAspectRatio": False,
    "plugins": {"legend": {"display": False}},
    "scales": {
        "x": {"grid": {"display": False}, "ticks": {"maxRotation": 0, "autoSkip": True}},
        "y": {"beginAtZero": True, "ticks": {"precision": 0}},
    },
}
