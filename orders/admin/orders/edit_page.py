"""The page on which staff change an order's lines."""

from typing import Any

from django import forms
from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.admin.lines_form import Line, LinesForm
from orders.editing.edit_requests import AddedLine, ChangedQuantity, EditRequest
from orders.incoming_payments.due import shown_due
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.placing.requested_lines import MAX_QUANTITY
from orders.refunds.queries import read_order_group
from orders.services.orders.edit_order import EditPreview, edit_order, preview_edit
from orders.shipping.unfulfilled import unfulfilled_of
from orders.states import EDITABLE
from shared.admin.base import actor_of
from shared.admin.display import change_url, money, number
from shared.admin.form_page import Done, Facts, FormPage
from shared.admin.forms import AutocompleteField, posted
from shared.errors import Refusal

# A page shows few empty rows; whoever has more to add changes the order twice.
_NEW_LINES = (1, 2, 3)


class EditForm(LinesForm):
    """Next to each line its units; below them room for new lines."""

    headings = (_("Now"), _("At least"), _("Price"))
    columns = {"quantity": _("Units")}
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Stays in the order's history."))
    # LinesForm has no version of its own: some tables are about what has none.
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, lines: list[Line], site: AdminSite, *args: object, version: int) -> None:
        super().__init__(lines, *args, initial={"version": version})
        for place in _NEW_LINES:
            self.fields[f"variant_{place}"] = AutocompleteField(
                OrderItem._meta.get_field("variant"), site, label=gettext("New line"), required=False
            )
            self.fields[f"units_{place}"] = forms.IntegerField(
                label=gettext("Units"), min_value=1, max_value=MAX_QUANTITY, required=False
            )
        news = [name for place in _NEW_LINES for name in (f"variant_{place}", f"units_{place}")]
        self.order_fields([*news, "reason", "version"])

    def requested(self) -> EditRequest:
        """What was asked for; an empty field leaves its line as it is."""
        values = self.cleaned_data
        # 0 drops a line and an empty box leaves it, so None and 0 must be kept apart.
        given = [(line.item, values.get(f"quantity-{line.item.pk}")) for line in self.lines]
        changes = [
            # The place is what a refusal points at: the row on this page.
            ChangedQuantity(place, item.pk, units)
            for place, (item, units) in enumerate(given)
            if units is not None
        ]
        added = [
            AddedLine(place, str(values[f"variant_{place}"].pk), values.get(f"units_{place}") or 1)
            for place in _NEW_LINES
            if values.get(f"variant_{place}")
        ]
        return EditRequest(tuple(changes), tuple(added))


def edit_page(model_admin: ModelAdmin, request: HttpRequest, order: Order) -> FormPage:
    form = EditForm(_editable_lines(order), model_admin.admin_site, posted(request), version=order.version)

    def preview(_values: dict[str, Any]) -> Facts:
        try:
            return _facts_of_preview(preview_edit(order_id=order.pk, requested=form.requested()))
        except Refusal as refusal:  # raised again when the page is confirmed
            return [(gettext("Not possible"), refusal.detail)]

    def apply(values: dict[str, Any]) -> Done:
        changed = edit_order(
            order_id=order.pk,
            requested=form.requested(),
            actor=actor_of(request),
            reason=values["reason"],
            # A smaller order may owe money back. Who may not refund may still change lines, as long as nothing is owed.
            may_refund=request.user.has_perm("orders.refund_order"),
            expected_version=values["version"],
        )
        text = gettext("Order %(number)s comes to %(total)s now.")
        done = text % {"number": changed.number, "total": money(changed.total, changed.currency)}
        whole = changed.parent or changed
        if due := shown_due(whole):
            rest = {"due": money(due, whole.currency), "number": whole.number}
            done += " " + gettext("%(due)s is still to be paid for order %(number)s.") % rest
        return Done(done)

    return FormPage(
        title=gettext("Change the lines of order %(number)s") % {"number": order.number},
        intro=gettext("Lines keep their price, new ones cost what they cost today; 0 drops a line."),
        facts=_facts_before(order),
        submit=gettext("Change the order"),
        form=form,
        preview=preview,
        apply=apply,
        back_url=change_url(Order, order.pk),
        template="admin/kontor/lines_form.html",
    )


def _facts_before(order: Order) -> Facts:
    facts: list[tuple[str, object]] = [
        (gettext("Customer"), order.customer_name),
        (gettext("Total"), money(order.total, order.currency)),
        (gettext("Payment"), order.get_payment_status_display()),
    ]
    # Whoever came by a link to a split order is told where its lines are, instead of seeing an empty table.
    if seller_orders := read_order_group(order).sub_orders if order.parent_id is None else ():
        names = ", ".join(seller_order.number for seller_order in seller_orders)
        facts.append((gettext("Split between sellers"), gettext("Change its sub-orders: %(names)s") % {"names": names}))
    return facts


def _editable_lines(order: Order) -> list[Line]:
    unfulfilled = unfulfilled_of(order)
    lines = []
    for item in unfulfilled.items.values():
        if item.status in EDITABLE:
            # What is packed or shipped cannot be taken away, and what was refunded must stay on paper.
            least = max(item.quantity - unfulfilled.open[item.pk], item.refunded_quantity)
            cells = (number(item.quantity), number(least), money(item.unit_price, order.currency))
            lines.append(Line(item, cells, MAX_QUANTITY, item.quantity))
    return lines


def _facts_of_preview(preview: EditPreview) -> Facts:
    plan, currency = preview.plan, preview.plan.seller_order.currency
    facts: list[tuple[str, object]] = [
        (change.item.sku, f"{number(change.before)} → {number(change.after)}") for change in plan.changes
    ]
    facts += [
        (line.sellable.sku, f"{number(line.quantity)} x {money(line.amounts.unit_price, currency)}")
        for line in plan.additions
    ]
    facts.append((gettext("Difference"), money(plan.difference.total, currency)))
    facts.append((gettext("New total"), money(plan.seller_order.total + plan.difference.total, currency)))
    # Never both: the difference is either asked for or goes back.
    if preview.money.due:
        facts.append((gettext("To be paid"), money(preview.money.due, currency)))
    if preview.money.back:
        facts.append((gettext("Goes back to the customer"), money(preview.money.back, currency)))
    text = gettext("%(sku)s: %(requested)s wanted, %(available)s available")
    # Last, where the eye rests before the button; the service refuses while one of them stands.
    facts += [(gettext("Not enough stock"), text % short) for short in preview.shortages]
    return facts
