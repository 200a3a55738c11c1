"""The page on which staff take an order's goods back: now, as they lie on the counter, or announced for later."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from orders.admin.lines_form import Line
from orders.admin.returns.preview import preview_request, preview_return
from orders.admin.returns.shelves import chosen_shelf, shelf_choices
from orders.admin.returns.take_back_forms import RequestForm, TakeBackForm
from orders.incoming_payments.amounts import ZERO
from orders.incoming_payments.balances import shipping_left
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.order_return import Return
from orders.models.refund import Refund
from orders.refunds.queries import read_order_group
from orders.refunds.returning import returnable
from orders.services.returns.request_return import request_return
from orders.services.returns.take_goods_back import take_goods_back
from shared.admin.base import actor_of
from shared.admin.display import change_url, money, number
from shared.admin.form_page import Done, Facts, FormPage
from shared.admin.forms import posted

MAY_RECEIVE = "orders.refund_order"


def take_back_page(request: HttpRequest, order: Order) -> FormPage:
    group = read_order_group(order)
    # On a sub-order's page only its own; on the parent's all of them.
    seller_orders = [order] if order.pk != group.parent.pk else list(group.seller_orders)
    form = _form_for(request, order, seller_orders)
    # None where goods are only announced, or by who may not receive them.
    at_counter = form if isinstance(form, TakeBackForm) and form.is_at_the_counter() else None

    def preview(_values: dict[str, Any]) -> Facts:
        return preview_return(group, seller_orders, at_counter) if at_counter else preview_request(form)

    def apply(_values: dict[str, Any]) -> Done:
        return _take_back(request, order, at_counter) if at_counter else _ask_for_return(request, order, form)

    return FormPage(
        title=gettext("Return goods of order %(number)s") % {"number": order.number},
        intro=gettext("What was shipped and has not come back yet."),
        facts=[(gettext("Customer"), order.customer_name)],
        submit=gettext("Take the goods back") if at_counter else gettext("Ask for the return"),
        form=form,
        preview=preview if isinstance(form, TakeBackForm) else None,
        apply=apply,
        back_url=change_url(Order, order.pk),
        template="admin/kontor/lines_form.html",
    )


def _form_for(request: HttpRequest, order: Order, seller_orders: Sequence[Order]) -> RequestForm:
    items = list(OrderItem.objects.filter(order__in=seller_orders).order_by("position"))
    # What was shipped less what comes back by other returns already: two of them must not take one unit.
    left = {pk: units for pk, units in returnable(items).items() if units}
    # The only unit there is: nobody needs to say which, or how many.
    only = int(sum(left.values()) == 1)
    lines = [
        Line(item, (number(item.shipped_quantity), number(left[item.pk])), left[item.pk], only)
        for item in items
        if item.pk in left
    ]
    if not request.user.has_perm(MAY_RECEIVE):
        return RequestForm(lines, posted(request), initial={"version": order.version})
    return TakeBackForm(
        lines,
        shelf_choices(items),
        posted(request),
        version=order.version,
        has_shipping=any(shipping_left(seller_order) for seller_order in seller_orders),
    )


def _take_back(request: HttpRequest, order: Order, form: TakeBackForm) -> Done:
    values = form.cleaned_data
    made = take_goods_back(
        order_id=order.pk,
        units={item.pk: (units, sellable) for item, units, sellable in form.came()},
        reason=values["reason"],
        actor=actor_of(request),
        location_id=chosen_shelf(values["location"]),
        refund=form.terms(),
        expected_version=values["version"],
    )
    amount = sum(Refund.objects.filter(order_return=made).values_list("amount", flat=True), ZERO)
    if not amount:
        return Done(gettext("Return %(number)s is received.") % {"number": made.number})
    text = gettext("Return %(number)s is received, and %(amount)s go back.")
    return Done(text % {"number": made.number, "amount": money(amount, order.currency)})


def _ask_for_return(request: HttpRequest, order: Order, form: RequestForm) -> Done:
    made = request_return(
        order_id=order.pk,
        units=[(item.pk, units) for item, units in form.chosen()],
        reason=form.cleaned_data["reason"],
        actor=actor_of(request),
        expected_version=form.cleaned_data["version"],
    )
    return Done(gettext("Return %(number)s is asked for.") % {"number": made.number}, change_url(Return, made.pk))
