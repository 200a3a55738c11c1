"""The admin's first page."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from catalog.seller_access import sellers_of
from crm.dashboard.card import MOST_SHOWN
from crm.dashboard.open_deals import open_deals
from crm.dashboard.orders_and_sales import orders_and_sales
from crm.dashboard.top_customers import top_customers
from crm.reads import waiting
from crm.reads.low_stock import low_stock
from orders.states import PaymentStatus


def fill(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what this colleague may see; what they may not see is not read either."""
    may = request.user.has_perm
    context["now"] = timezone.now()
    sees_shop = sellers_of(request.user) is None  # figures are of the whole shop
    if sees_shop and may("orders.view_order"):
        context.update(orders_and_sales(request))
        if may("users.view_customer"):
            context["top_customers"] = top_customers(context["report"]["currency"])
    if may("orders.view_payment"):
        refunds = list(waiting.refunds_due()[: waiting.MAX_COUNTED + 1])
        context["refunds"] = refunds[:MOST_SHOWN]
        context["refunds_due"] = waiting.bounded_number(len(refunds))
        context["refund_due_status"] = PaymentStatus.REFUND_DUE
    if sees_shop and may("inventory.view_stocklevel"):
        context["low_stock"] = low_stock(MOST_SHOWN)
    if may("crm.view_deal"):
        context["pipelines"] = list(open_deals())
    if may("crm.view_task") and request.user.pk is not None:
        context["my_tasks"] = list(waiting.open_tasks_of(request.user.pk)[:MOST_SHOWN])
    return context
