"""How reservations end: paid in time or late, expired, cancelled; by day, and by how people pay."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from crm.dashboard.charts import Chart, Point, bar_chart
from crm.dashboard.order_lists import CANCELLED, EXPIRED, PAID, WAITING, orders_url
from crm.dashboard.period import PERIODS, period_of
from crm.reads.reservations import MOST_ORDERS, ended_by_method, median_to_pay, paid_late
from crm.reads.sales import DaySales, sales_since
from shared.admin.display import NOTHING, number
from shared.clock import shop_today


def hold_report_urls() -> list[URLPattern]:
    return [path("hold-report/", admin.site.admin_view(hold_report_page), name="hold_report")]


def hold_report_page(request: HttpRequest) -> HttpResponse:
    """`?period=` is a key of PERIODS."""
    if not request.user.has_perm("orders.view_reservation"):
        raise PermissionDenied
    period = period_of(request.GET.get("period", ""), shop_today())
    days = [day for day in sales_since(period.first).days if period.first <= day.day <= period.last]
    late = paid_late(period.first)
    steps = [_report_row(days, late, first, last, name) for first, last, name in period.steps()]
    context = {
        **admin.site.each_context(request),
        "title": _("Reservation outcomes"),
        "periods": PERIODS,
        "period": period,
        "whole": _report_row(days, late, period.first, period.last, _("All")),
        "steps": [step for step in reversed(steps) if step["placed"]["count"]],
        "median": _format_duration(median_to_pay(period.first, period.last)),
        "methods": [
            {
                "name": row.payment_method or _("unknown"),
                "placed": number(row.placed),
                "paid": number(row.paid),
                "expired": number(row.expired),
                "cancelled": number(row.cancelled),
                "conversion": _format_share(row.paid, row.placed),
                "median": _format_duration(row.median),
            }
            for row in ended_by_method(period.first, period.last)
        ],
        "most": number(MOST_ORDERS),
        "charts": [_conversion_chart(steps), _expired_chart(steps)],
    }
    return TemplateResponse(request, "admin/kontor/hold_report.html", context)


def _report_row(days: Sequence[DaySales], late: dict[date, int], first: date, last: date, name: str) -> dict[str, Any]:
    """One row: each number with the list that it stands for."""
    within = [day for day in days if first <= day.day <= last]
    placed, paid = sum(day.placed for day in within), sum(day.paid for day in within)
    expired, cancelled = sum(day.expired for day in within), sum(day.cancelled for day in within)
    too_late = min(sum(count for day, count in late.items() if first <= day <= last), paid)
    waiting = placed - paid - expired - cancelled

    def cell(count: int, **filters: str) -> dict[str, Any]:
        return {"count": count, "shown": number(count), "url": orders_url(first, last, **filters)}

    return {
        "name": name,
        "placed": cell(placed),
        "cells": [
            cell(placed),
            cell(paid - too_late, **PAID),
            cell(too_late, **PAID),
            cell(expired, **EXPIRED),
            cell(cancelled, **CANCELLED),
            cell(waiting, **WAITING),
        ],
        "share": 100 * paid / placed if placed else 0.0,
        "conversion": _format_share(paid, placed),
        "expired": cell(expired, **EXPIRED),
    }


def _conversion_chart(steps: Sequence[dict[str, Any]]) -> Chart:
    points = [
        Point(step["name"], Decimal(round(step["share"], 1)), step["conversion"], step["placed"]["url"])
        for step in steps
    ]
    return bar_chart(_("Paid of those placed, per cent"), _("Per cent"), points)


def _expired_chart(steps: Sequence[dict[str, Any]]) -> Chart:
    expired = [(step["name"], step["expired"]) for step in steps]
    points = [Point(name, Decimal(cell["count"]), cell["shown"], cell["url"]) for name, cell in expired]
    return bar_chart(_("Expired"), _("Orders"), points)


def _format_share(part: int, whole: int) -> str:
    return f"{number_format(round(100 * part / whole, 1), decimal_pos=1)} %" if whole else NOTHING


def _format_duration(span: timedelta | None) -> str:
    """In the unit that is easiest to read."""
    if span is None:
        return NOTHING
    seconds = span.total_seconds()
    for size, text in ((86_400, _("%(n)s days")), (3_600, _("%(n)s hours")), (60, _("%(n)s minutes"))):
        if seconds >= size:
            return text % {"n": number_format(round(seconds / size, 1), decimal_pos=1)}
    return _("%(n)s seconds") % {"n": round(seconds)}
