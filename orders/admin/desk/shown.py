"""What an order would cost, as the order desk shows it while it is filled."""

from typing import Any

from django.utils.translation import gettext

from orders.admin.desk.form import DeskForm
from orders.admin.desk.refused import faults_of
from orders.placing.plan import Plan, PlannedLine
from orders.placing.previewing import units_to_wait
from orders.services.orders.preview_order import preview_order
from shared.admin.display import money, number
from shared.admin.form_page import Facts
from shared.errors import Refusal
from users.admin.finding import shown_customer


def live_answer(form: DeskForm) -> dict[str, Any]:
    """Of what is valid so far: amounts, what would be refused and where, and whom a new customer may be already."""
    form.is_valid()  # what is wrong or missing yet is not told to who is still typing
    answer: dict[str, Any] = {"lines": {}, "totals": [], "errors": {}, "problem": ""}
    answer["known"] = [shown_customer(each) for each in form.known]
    if not form.lines.filled() or not form.cleaned_data.get("key"):
        return answer
    try:
        plan = plan_of(form)
    except Refusal as refusal:
        faults = dict(faults_of(refusal, form))
        return answer | {"errors": faults, "problem": refusal.detail}
    answer["totals"] = [[label, str(value)] for label, value in total_facts(plan)]
    answer["lines"] = {str(place): _shown_line(line, plan.currency) for place, line in _placed_lines(form, plan)}
    return answer


def plan_of(form: DeskForm) -> Plan:
    """What placing it now would do. Raises what preview_order raises."""
    chosen = form.cleaned_data.get("customer")
    # Before anybody is chosen the amounts are those of somebody new.
    customer_id = chosen.pk if chosen else form.cleaned_data["key"]
    return preview_order(request=form.requested(customer_id), for_new_customer=chosen is None)


def total_facts(plan: Plan) -> Facts:
    """Sums by name, the total last."""
    currency, amounts = plan.currency, plan.amounts
    facts: list[tuple[str, object]] = [(gettext("Subtotal"), money(amounts.subtotal, currency))]
    if amounts.discount_total or plan.extras.coupon_code:
        facts.append((gettext("Discount"), money(-amounts.discount_total, currency)))
    if plan.extras.shipping_method:
        facts.append((gettext("Shipping"), money(amounts.shipping_total, currency)))
    facts.append((gettext("Tax"), money(amounts.tax_total, currency)))
    return [*facts, (gettext("Total"), money(amounts.total, currency))]


def price_facts(plan: Plan) -> Facts:
    """Line by line and in all, with the reasons."""
    facts: list[tuple[str, object]] = []
    for line in plan.lines:
        shown = _shown_line(line, plan.currency)
        text = ", ".join(filter(None, (shown["price"], shown["note"])))
        facts.append((f"{number(line.quantity)} x {line.sellable.sku}", text))
    return [*facts, *total_facts(plan)]


def _shown_line(line: PlannedLine, currency: str) -> dict[str, str]:
    amounts, waiting = line.amounts, units_to_wait(line)
    ahead = gettext("%(quantity)s waiting for goods") % {"quantity": number(waiting)} if waiting else ""
    whole = amounts.unit_price * line.quantity - amounts.discount_amount
    return {
        "price": str(money(amounts.unit_price, currency)),
        "total": str(money(whole, currency)),
        "note": ", ".join(filter(None, (amounts.price_reason, ahead))),
    }


def _placed_lines(form: DeskForm, plan: Plan) -> list[tuple[int, PlannedLine]]:
    """The plan's lines with their places on the page: of equal ones, which were summed, the first."""
    first: dict[Any, int] = {}
    for place, line in form.lines.filled():
        own = place if line.discount() else None
        first.setdefault((line.cleaned_data["variant"], line.cleaned_data.get("seller") or "", own), place)
    return list(zip(first.values(), plan.lines, strict=True))
