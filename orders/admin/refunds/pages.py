"""The pages on which staff give money back, cancel a paid order, and say that a refund was paid out."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext

from orders.admin.lines_form import Line
from orders.admin.refunds.forms import CancelPaidForm, RefundForm, SettleForm
from orders.admin.refunds.paid_out import (
    due_of_cancellation,
    facts_of_paying_out,
    pay_out,
    without_what_goes_by_itself,
)
from orders.admin.refunds.preview import facts_against, preview_refund
from orders.incoming_payments.amounts import ZERO
from orders.incoming_payments.balances import amount_of_units, given_back, refundable, shipping_left
from orders.lifecycle.order_group import OrderGroup
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.refund import Refund
from orders.refunds.queries import read_order_group
from orders.services.orders.cancel_paid_order import cancel_paid_order
from orders.services.refunds.refund_order import refund_order
from orders.services.refunds.settle_refund import retry_refund, settle_refund
from orders.shipping.unfulfilled import units_to_ship
from orders.states import CancelReason
from shared.admin.base import actor_of
from shared.admin.display import change_url, money, number
from shared.admin.form_page import Done, Facts, FormPage
from shared.admin.forms import StyledForm, posted
from shared.text.messages import show_text


def refund_page(request: HttpRequest, order: Order) -> FormPage:
    # Read without locks: a page that somebody looks at for minutes must hold nothing. The service locks and reads
    # again.
    group = read_order_group(order)
    seller_orders = _seller_orders(group, order)
    # Of several sub-orders each has its own; that is refunded on their own pages.
    shipping = shipping_left(seller_orders[0]) if len(seller_orders) == 1 else ZERO
    form = RefundForm(
        _refundable_lines(seller_orders),
        shipping,
        order.currency,
        len(seller_orders) > 1,
        posted(request),
        order.version,
    )
    without_what_goes_by_itself(form, group.parent)

    # Money that has left does not come back by a button: it is shown in full before the second press.
    def preview(values: dict[str, Any]) -> Facts:
        return preview_refund(group, order, form.requested(), values)

    def apply(values: dict[str, Any]) -> Done:
        made = refund_order(
            order_id=order.pk,
            requested=form.requested(),
            reason=values["reason"],
            actor=actor_of(request),
            expected_version=values["version"],
        )
        told = pay_out(made, values, actor=actor_of(request))
        return Done(f"{_told_of_refunds(made, order)} {told}".strip())

    left = sum((refundable(group.parent, seller_order) for seller_order in seller_orders), ZERO)
    return FormPage(
        title=gettext("Refund order %(number)s") % {"number": order.number},
        intro=gettext("What has not been sent is called off; what was sent comes back by a return."),
        facts=[
            (gettext("Customer"), order.customer_name),
            (gettext("Total"), money(order.total, order.currency)),
            (gettext("Can be given back"), money(left, order.currency)),
        ],
        submit=gettext("Give back"),
        is_dangerous=True,
        form=form,
        preview=preview,
        apply=apply,
        back_url=change_url(Order, order.pk),
        template="admin/kontor/lines_form.html",
    )


def cancel_paid_page(request: HttpRequest, order: Order) -> FormPage:
    group = read_order_group(order)
    seller_orders = _seller_orders(group, order)
    of_each = [refundable(group.parent, seller_order) for seller_order in seller_orders]
    left = sum(of_each, ZERO)
    form = CancelPaidForm(posted(request), initial={"version": order.version})
    if len(seller_orders) > 1:
        del form.fields["restocking_fee"]
    without_what_goes_by_itself(form, group.parent)

    def preview(values: dict[str, Any]) -> Facts:
        fee = values.get("restocking_fee") or ZERO
        facts = [(gettext("Goes back to the customer"), money(left - fee, order.currency))]
        # Of an order that cost nothing, nothing goes back, and that is no reason not to cancel it.
        against = facts_against(left - fee, fee, left, order.currency) if left else []
        return [*facts, *against, *facts_of_paying_out(values, group.parent, [of_each[0] - fee, *of_each[1:]])]

    def apply(values: dict[str, Any]) -> Done:
        # An order is cancelled once, and whoever cancels it meanwhile makes another version, which is refused.
        waiting = due_of_cancellation(seller_orders).keys()
        cancelled = cancel_paid_order(
            order_id=order.pk,
            actor=actor_of(request),
            reason=CancelReason(values["reason"]),
            note=values["note"],
            restocking_fee=values.get("restocking_fee") or ZERO,
            expected_version=values["version"],
        )
        text = gettext("Order %(number)s is cancelled, its goods are back on the shelf and its money goes back.")
        made = [refund for key, refund in due_of_cancellation(seller_orders).items() if key not in waiting]
        told = pay_out(made, values, actor=actor_of(request))
        return Done(f"{text % {'number': cancelled.number}} {told}".strip())

    return FormPage(
        title=gettext("Cancel and refund order %(number)s?") % {"number": order.number},
        intro=gettext("Everything sold goes back on the shelf. A cancelled order stays cancelled."),
        facts=[(gettext("Customer"), order.customer_name), (gettext("Paid"), money(left, order.currency))],
        submit=gettext("Cancel and refund"),
        is_dangerous=True,
        form=form,
        preview=preview,
        apply=apply,
        back_url=change_url(Order, order.pk),
    )


def _told_of_refunds(made: Sequence[Refund], order: Order) -> str:
    amount = money(sum((refund.amount for refund in made), ZERO), order.currency)
    return gettext("%(amount)s of order %(number)s go back.") % {"amount": amount, "number": order.number}


def settle_page(request: HttpRequest, refund: Refund) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        settle_refund(refund_id=refund.pk, actor=actor_of(request), reference=values["reference"])
        return Done(gettext("The refund is paid out."))

    return _refund_page(
        refund, gettext("Was it paid out?"), gettext("It is paid out"), SettleForm(posted(request)), apply
    )


def retry_page(request: HttpRequest, refund: Refund) -> FormPage:
    def apply(_values: dict[str, Any]) -> Done:
        retry_refund(refund_id=refund.pk, actor=actor_of(request))
        return Done(gettext("The refund is tried again."))

    return _refund_page(refund, gettext("Try it again?"), gettext("Try again"), StyledForm(posted(request)), apply)


def _refund_page(refund: Refund, title: str, submit: str, form: StyledForm, apply: Any) -> FormPage:
    return FormPage(
        title=title,
        facts=[
            (gettext("Order"), refund.order.number),
            (gettext("Customer"), refund.order.customer_name),
            (gettext("Amount"), money(refund.amount, refund.currency)),
            (gettext("Through"), refund.payment.method or refund.payment.provider),
            (gettext("Failure"), show_text(refund.failure, None) or "-"),
        ],
        submit=submit,
        form=form,
        apply=apply,
        back_url=change_url(Refund, refund.pk),
    )


def _seller_orders(group: OrderGroup, order: Order) -> list[Order]:
    # On a sub-order's page only its own; on the parent's all of them.
    return [order] if order.pk != group.parent.pk else list(group.seller_orders)


def _refundable_lines(seller_orders: Sequence[Order]) -> list[Line]:
    items = list(
        OrderItem.objects.filter(order__in=seller_orders, quantity__gt=F("refunded_quantity")).order_by("position")
    )
    # The last unit gets what rounding left over, so the worth of what is left depends on what already went back.
    so_far, currency = given_back(items), seller_orders[0].currency
    lines = []
    for item in items:
        left = item.quantity - item.refunded_quantity
        worth = amount_of_units(item, left, so_far=so_far.get(item.pk, ZERO), currency=currency)
        cells = (number(item.quantity), number(left), number(units_to_ship(item)), money(worth, currency))
        lines.append(Line(item, cells, left))
    return lines
