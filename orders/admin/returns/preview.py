"""What a return comes to, before it is made."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext

from orders.admin.refunds.preview import facts_against
from orders.admin.returns.shelves import chosen_shelf
from orders.admin.returns.take_back_forms import RequestForm, TakeBackForm
from orders.incoming_payments.balances import refundable
from orders.lifecycle.order_group import OrderGroup
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.refunds.receiving import check_location
from orders.refunds.return_worth import RefundTerms, worth_of_return
from orders.services.refunds.refund_order import check_paid
from shared.admin.display import money, number
from shared.admin.form_page import Facts
from shared.errors import Refusal
from shared.money.checks import check_amounts


def preview_request(form: RequestForm) -> Facts:
    """What is announced: neither goods nor money move yet."""
    chosen = form.chosen()
    if refused := _of_several_sellers(item for item, _units in chosen):
        return refused
    coming = [(gettext("Still to come: %(sku)s") % {"sku": item.sku}, number(units)) for item, units in chosen]
    return [*coming, _nothing_yet()]


def preview_return(group: OrderGroup, seller_orders: Sequence[Order], form: TakeBackForm) -> Facts:
    """What goes where and what goes back. What the service refuses of it is a fact, too."""
    came, terms = form.came(), form.terms()
    if refused := _of_several_sellers(item for item, _units, _sellable in came):
        return refused
    seller_order = next(one for one in seller_orders if one.pk == came[0][0].order_id)
    facts = [(gettext("For sale again: %(sku)s") % {"sku": item.sku}, number(sellable)) for item, _, sellable in came]
    place = form.cleaned_data.get("location") or ""
    try:
        check_location(chosen_shelf(place), came[0][0].seller_id)
    except Refusal as refusal:
        return [*facts, _not_possible(refusal)]
    if any(sellable for _item, _units, sellable in came):
        facts.append((gettext("Goes to"), dict(form.fields["location"].choices)[place]))  # type: ignore[attr-defined]
    if terms is None:
        return [*facts, _nothing_yet()]
    return [*facts, *money_facts(group.parent, seller_order, [(item, units) for item, units, _ in came], terms)]


def money_facts(parent: Order, seller_order: Order, came: Iterable[tuple[OrderItem, int]], terms: RefundTerms) -> Facts:
    """What goes back, piece by piece and as a sum."""
    currency = seller_order.currency
    try:
        check_paid(seller_order)
        check_amounts({"/restocking_fee": terms.restocking_fee}, currency)
    except Refusal as refusal:
        return [_not_possible(refusal)]
    worth = worth_of_return(parent, seller_order, came, terms)
    facts: list[tuple[str, object]] = [
        (f"{number(line.quantity)} x {line.item.sku}", money(line.amount, currency)) for line in worth.lines
    ]
    if worth.shipping:
        facts.append((gettext("Shipping"), money(worth.shipping, currency)))
    if terms.restocking_fee:
        facts.append((gettext("Restocking fee"), money(-terms.restocking_fee, currency)))
    facts.append((gettext("Goes back to the customer"), money(worth.amount, currency)))
    if worth.is_nothing:
        return facts
    most = refundable(parent, seller_order)
    return [*facts, *facts_against(worth.amount, terms.restocking_fee, most, currency)]


def _of_several_sellers(items: Iterable[OrderItem]) -> Facts:
    several = len({item.order_id for item in items}) > 1
    reason = gettext("Goods of several sellers come back separately.")
    return [(gettext("Not possible"), reason)] if several else []


def _not_possible(refusal: Refusal) -> tuple[str, object]:
    return gettext("Not possible"), refusal.detail


def _nothing_yet() -> tuple[str, object]:
    return gettext("Goes back to the customer"), gettext("Nothing yet")
