"""What a refund that is asked for comes to, before it is made."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from orders.admin.refunds.paid_out import facts_of_paying_out
from orders.incoming_payments.amounts import ZERO
from orders.incoming_payments.balances import refundable
from orders.lifecycle.order_group import OrderGroup
from orders.models.order import Order
from orders.refunds.create_refunds import fee_takes_all
from orders.refunds.plans import RefundPlan, RefundRequest, plan_refunds
from shared.admin.display import money, number
from shared.admin.form_page import Facts, FormPage
from shared.errors import Refusal


def preview_refund(group: OrderGroup, order: Order, requested: RefundRequest, values: Mapping[str, Any]) -> Facts:
    """What the request comes to, and what of it the form's `values` say is paid out; a refusal is a fact, too: it is
    raised when the page is confirmed."""
    try:
        plans = plan_refunds(group, order, requested)
    except Refusal as refusal:
        return [(gettext("Not possible"), refusal.detail)]
    facts: list[tuple[str, object]] = []
    for plan in plans:
        facts += _facts_of(plan)
        facts += facts_against(plan.amount, plan.fee, refundable(group.parent, plan.seller_order), order.currency)
    return [*facts, *facts_of_paying_out(values, group.parent, [plan.amount for plan in plans])]


def facts_against(amount: Decimal, fee: Decimal, most: Decimal, currency: str) -> Facts:
    """Why the amount, the fee taken off, cannot go back. The service refuses the same; said here, so that nobody
    confirms what cannot be done."""
    if ZERO < amount <= most:
        return []
    at_most = gettext("At most %s can go back.") % money(most, currency)
    reason = fee_takes_all(amount + fee, currency) if fee and amount <= ZERO else at_most
    return [(gettext("Not possible"), reason)]


def live_text(page: FormPage) -> str:
    """The preview in one line, for the page to show while quantities are typed."""
    if page.preview is None or not page.form.is_valid():
        # A missing reason is no reason to stay silent about the amount: it is typed last.
        values = getattr(page.form, "cleaned_data", None)
        if page.preview is None or values is None or set(page.form.errors) - {"reason"}:
            return ""
    return " · ".join(f"{name}: {value}" for name, value in page.preview(page.form.cleaned_data) or ())


def _facts_of(plan: RefundPlan) -> list[tuple[str, object]]:
    currency = plan.seller_order.currency
    facts: list[tuple[str, object]] = [
        (
            f"{number(line.quantity)} x {line.item.sku}",
            _describe_refund(line.amount, line.cancelled_units, line.restocked, currency),
        )
        for line in plan.lines
    ]
    if plan.shipping:
        facts.append((gettext("Shipping"), money(plan.shipping, currency)))
    if plan.fee:
        facts.append((gettext("Restocking fee"), money(-plan.fee, currency)))
    facts.append(
        (gettext("Goes back for %(number)s") % {"number": plan.seller_order.number}, money(plan.amount, currency))
    )
    return facts


def _describe_refund(amount: Decimal, cancelled_units: int, restocked: int, currency: str) -> str:
    text = money(amount, currency)
    if cancelled_units:
        text += "; " + gettext("%(units)s called off, %(restocked)s restocked") % {
            "units": number(cancelled_units),
            "restocked": number(restocked),
        }
    return text
