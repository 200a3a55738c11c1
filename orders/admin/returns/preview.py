"""What a return comes to, before it is made."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext

from orders.admin.returns.take_back_forms import TakeBackForm
from orders.incoming_payments.balances import refundable
from orders.lifecycle.order_group import OrderGroup
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.refunds.return_worth import RefundTerms, worth_of_return
from shared.admin.display import money, number
from shared.admin.form_page import Facts


def preview_return(group: OrderGroup, seller_orders: Sequence[Order], form: TakeBackForm) -> Facts:
    """What goes where and what goes back; a refusal is a fact, too: it is raised when the page is confirmed."""
    came, terms = form.came(), form.terms()
    sellers = {item.order_id for item, _units, _sellable in came}
    if len(sellers) > 1:
        return [(gettext("Not possible"), gettext("Goods of several sellers come back separately."))]
    seller_order = next(one for one in seller_orders if one.pk in sellers)
    on_shelf = [
        (gettext("For sale again: %(sku)s") % {"sku": item.sku}, number(sellable)) for item, _, sellable in came
    ]
    if any(sellable for _item, _units, sellable in came):
        places = dict(form.fields["location"].choices)  # type: ignore[attr-defined]
        on_shelf.append((gettext("Goes to"), places[form.cleaned_data.get("location") or ""]))
    if terms is None:
        return [*on_shelf, (gettext("Goes back to the customer"), gettext("Nothing yet"))]
    money_back = money_facts(group.parent, seller_order, [(item, units) for item, units, _ in came], terms)
    return [*on_shelf, *money_back]


def money_facts(parent: Order, seller_order: Order, came: Iterable[tuple[OrderItem, int]], terms: RefundTerms) -> Facts:
    """What goes back, piece by piece and as a sum."""
    currency = seller_order.currency
    worth = worth_of_return(parent, seller_order, came, terms)
    facts: list[tuple[str, object]] = [
        (f"{number(line.quantity)} x {line.item.sku}", money(line.amount, currency)) for line in worth.lines
    ]
    if worth.shipping:
        facts.append((gettext("Shipping"), money(worth.shipping, currency)))
    if terms.restocking_fee:
        facts.append((gettext("Restocking fee"), money(-terms.restocking_fee, currency)))
    facts.append((gettext("Goes back to the customer"), money(worth.amount, currency)))
    if worth.amount <= Decimal(0) and not worth.is_nothing:
        most = money(refundable(parent, seller_order), currency)
        facts.append((gettext("Not possible"), gettext("At most %s can go back.") % most))
    return facts
