"""The page on which staff place an order for a customer."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.admin import AdminSite, ModelAdmin
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.admin.orders.add_terms import TERMS, OrderTermsForm, price_facts, terms_in
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.placing.requested_lines import MAX_LINES, MAX_QUANTITY, PlaceOrder, PlaceOrderLine
from orders.services.orders.place_order import place_order
from orders.services.orders.preview_order import preview_order
from shared.admin.base import actor_of
from shared.admin.display import change_url
from shared.admin.form_page import Done, Facts, FormPage
from shared.admin.forms import AutocompleteField, StyledForm, posted
from shared.concurrency.idempotency import IdempotencyKeyReused
from shared.errors import Refusal
from shared.ids import new_id

LINES = "lines"


class LineForm(StyledForm):
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=MAX_QUANTITY, initial=1)
    field_order = ("variant", "quantity", "seller")

    # Pickers are made for each form: they search by the other models' admins, which only the site knows.
    def __init__(self, *args: object, site: AdminSite, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["variant"] = AutocompleteField(OrderItem._meta.get_field("variant"), site, label=gettext("Variant"))
        self.fields["seller"] = AutocompleteField(
            OrderItem._meta.get_field("seller"),
            site,
            label=gettext("Seller"),
            required=False,
            help_text=gettext("Empty: the shop chooses."),
        )
        self.order_fields(self.field_order)


class OrderForm(OrderTermsForm):
    """`key` makes the page place one order however often it is sent."""

    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Stays with the order."),
    )
    # Made with the page and sent with it: a double click, or a reload that posts again, is the same order.
    key = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ("customer", *TERMS, "note", "key")

    def __init__(self, site: AdminSite, lines: BaseFormSet, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.fields["customer"] = AutocompleteField(
            Order._meta.get_field("customer"),
            site,
            label=gettext("Customer"),
            help_text=gettext("Search by name, e-mail address or phone number."),
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        # The lines are a formset beside this form. Validated from here, as pages know of one form, which is valid or
        # not.
        if not self.lines.is_valid():
            raise forms.ValidationError(gettext("Mend the lines below."))
        values[LINES] = _filled_lines(self.lines)
        if not values[LINES]:
            raise forms.ValidationError(gettext("Add at least one line: what does the customer buy?"))
        return values

    def take_new_key(self) -> None:
        """Let the page, as it is shown again, place another order."""
        # A QueryDict that was posted cannot be written to; the form is shown from `data`, so a copy takes its place.
        self.data = {**self.data, "key": str(new_id())}


def _filled_lines(lines: BaseFormSet) -> tuple[PlaceOrderLine, ...]:
    # The empty line at the end, which waits for another variant, is valid and has no data.
    filled = [form.cleaned_data for form in lines.forms if form.cleaned_data]
    return tuple(
        PlaceOrderLine(
            variant=str(line["variant"].pk),
            quantity=line["quantity"],
            seller_id=line["seller"].pk if line["seller"] else None,
        )
        for line in filled
        if not line.get("DELETE")
    )


def _place_order_of(values: dict[str, Any]) -> PlaceOrder:
    terms: dict[str, Any] = {**terms_in(values)}
    return PlaceOrder(customer_id=values["customer"].pk, lines=values[LINES], note=values["note"], **terms)


def add_order_page(model_admin: ModelAdmin, request: HttpRequest) -> FormPage:
    site = model_admin.admin_site
    # `absolute_max` as well: by itself it is a thousand more, all of which a request could have the server build.
    formset = formset_factory(LineForm, extra=1, can_delete=True, max_num=MAX_LINES, absolute_max=MAX_LINES)
    lines = formset(posted(request), prefix=LINES, form_kwargs={"site": site})
    initial = {"customer": _customer_from(request), "key": new_id()}
    form = OrderForm(site, lines, posted(request), initial=initial)

    def look(values: dict[str, Any]) -> Facts:
        # Reserves nothing: between looking and placing prices and stock may change, and placing says so.
        return price_facts(preview_order(request=_place_order_of(values)))

    def apply(values: dict[str, Any]) -> Done:
        wanted = _place_order_of(values)
        # API clients choose their own keys; the prefix keeps a page's out of their way.
        key = f"admin-{values['key']}"
        try:
            placed = place_order(request=wanted, actor=actor_of(request), idempotency_key=key)
        except IdempotencyKeyReused as reused:
            form.take_new_key()
            # Something else was sent under a key that is used up: by going back in the browser and changing a line.
            # Nobody can say whether a second order is wanted, so the next press decides.
            raise Refusal(
                gettext("This page has placed an order already. Press the button again if you want another one.")
            ) from reused
        text = gettext("Order %(number)s is placed.")
        if not placed.created:
            text = gettext("Order %(number)s is placed already; it was sent twice and placed once.")
        return Done(text % {"number": placed.order.number}, change_url(Order, placed.order.pk))

    return FormPage(
        title=gettext("Place an order"),
        intro=gettext("The stock is held for the customer until the payment deadline."),
        submit=gettext("Place order"),
        form=form,
        apply=apply,
        look=look,
        back_url=reverse("admin:orders_order_changelist"),
        template="admin/kontor/add_order.html",
        extra_context={"lines": lines, "media": model_admin.media + form.media + lines.media},
    )


def _customer_from(request: HttpRequest) -> UUID | None:
    """The customer that the link to this page named."""
    try:
        return UUID(request.GET.get("customer", ""))
    except ValueError:
        # A link that was cut short is no error: the page just begins without a customer.
        return None
