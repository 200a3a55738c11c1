"""What the order desk asks for, and what of it makes an order or a draft."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.admin.desk.lines import LineForms, order_lines
from orders.admin.desk.terms import TERMS, OrderTermsForm
from orders.placing.requested_lines import PlaceOrder
from shared.admin.forms import style_fields
from shared.errors import InvalidInput
from shared.ids import new_id
from shared.models.address import AddressKind
from shared.values.addresses import Address, address_of, address_text, check_address
from users.admin.address_fields import AddressForm, typed_address
from users.models.customer import Customer
from users.queries import customers_with_contact

TYPED = "typed"
NEW = ("new_name", "new_email", "new_phone")
_MOST_KNOWN = 3
_LABELS = {AddressKind.DELIVERY: _("Delivery"), AddressKind.BILLING: _("Billing")}


class NewCustomer(NamedTuple):
    name: str
    email: str
    phone: str


class DeskForm(AddressForm, OrderTermsForm):
    """`key` makes the page place one order, and save one draft, however often it is sent. It is also the id that a new
    customer gets: nobody is made twice."""

    customer = forms.ModelChoiceField(
        Customer.objects.none(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("There is no such customer any more.")},
    )
    new_name = forms.CharField(label=_("Name"), required=False, max_length=200)
    new_phone = forms.CharField(label=_("Phone"), required=False, max_length=40, widget=forms.TextInput)
    new_email = forms.EmailField(label=_("E-mail"), required=False, max_length=254, widget=forms.TextInput)
    new_anyway = forms.BooleanField(label=_("It is somebody else"), required=False)
    delivery = forms.CharField(label=_("Delivery address"), required=False, max_length=64)
    billing = forms.CharField(label=_("Billing address"), required=False, max_length=64)
    valid_until = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Of a quote."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        lines: LineForms,
        customers: Any,
        *args: Any,
        may_add_customers: bool,
        typed: Mapping[str, Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.known: list[Customer] = []
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]
        if not may_add_customers:
            for name in (*NEW, "new_anyway"):
                del self.fields[name]
        for name in NEW[:2] if may_add_customers else ():
            self.fields[name].widget.attrs["aria-required"] = "true"  # of a new customer; else the field says nothing
        for kind, label in _LABELS.items():
            self.add_address(kind, str(label), typed.get(kind))
            chosen = self.fields[kind]
            chosen.widget = forms.Select(attrs={"data-address": kind}, choices=[*self._choices(kind)])
        style_fields(self.fields)

    def shown_customer(self) -> Customer | None:
        """Who is chosen, as the page was filled or sent."""
        if not hasattr(self, "_shown"):
            chosen: Any = getattr(self, "cleaned_data", {}).get("customer")
            if chosen is None and (value := self["customer"].value()):
                try:
                    chosen = self.fields["customer"].clean(value)
                except forms.ValidationError:
                    chosen = None
            self._shown: Customer | None = chosen
        return self._shown

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not self.lines.is_valid():
            self.add_error(None, gettext("Mend the lines below."))
        elif not self.lines.filled():
            self.add_error(None, gettext("Add at least one line: what does the customer buy?"))
        if not values.get("customer") and "customer" not in self.errors:
            self._check_new_customer(values)
        for kind in _LABELS:
            try:
                values[f"{kind}_address"] = self.address(kind)
            except InvalidInput as refusal:
                for fault in refusal.data["errors"]:
                    name = str(fault["pointer"]).strip("/").split("/")[1]
                    self.add_error(f"{kind}_{name}", fault["detail"])
        self._check_country(values)
        return values

    def new_customer(self) -> NewCustomer | None:
        """Who is to be made, as far as was typed."""
        values = self.cleaned_data
        if values.get("customer") or not any(values.get(name) for name in NEW):
            return None
        return NewCustomer(values.get("new_name", ""), values.get("new_email", ""), values.get("new_phone", ""))

    def address(self, kind: str) -> Address | None:
        """The one that was chosen or typed; None: the customer's default. Raises InvalidInput."""
        chosen = self.cleaned_data.get(kind)
        if chosen == TYPED:
            typed = typed_address(self.cleaned_data, kind)
            return check_address(typed or {}, pointer=f"/{kind}")
        if not chosen:
            return None
        customer = self.cleaned_data.get("customer")
        for each in customer.addresses if customer else ():
            if each["id"] == chosen:
                return address_of(each)
        raise InvalidInput((f"/{kind}/name", "does_not_exist", gettext("The customer has no such address.")))

    def requested(self, customer_id: UUID) -> PlaceOrder:
        """The order, of what is valid so far."""
        values = self.cleaned_data
        terms: dict[str, Any] = {name: values.get(name, "") for name in TERMS}
        delivery = values.get("delivery_address")
        if delivery and not terms["ship_to_country"]:
            terms["ship_to_country"] = delivery["country"]
        return PlaceOrder(
            customer_id=customer_id,
            lines=order_lines(self.lines.filled()),
            note=values.get("note", ""),
            delivery_address=delivery,
            billing_address=values.get("billing_address"),
            discount=self.discount(),
            **terms,
        )

    def take_new_key(self) -> None:
        """Let the page, as it is shown again, place another order."""
        self.data = {**self.data, "key": str(new_id())}

    def take_customer(self, customer: Customer) -> None:
        """Whoever was made stays, if what follows is refused."""
        chosen = {"customer": str(customer.pk), **dict.fromkeys(NEW, "")}
        self.data, self._shown = {**self.data, **chosen}, customer

    def _check_new_customer(self, values: Mapping[str, Any]) -> None:
        new = self.new_customer()
        if new is None:
            self.add_error("customer", gettext("A customer is required: look for one, or add a new one."))
            return
        for name, value in zip(NEW[:2], new[:2], strict=True):
            if not value and name not in self.errors:
                self.add_error(name, gettext("This field is required."))
        self.known = self.known_contacts(new)
        if self.known and not values.get("new_anyway"):
            text = gettext("There is somebody with this e-mail address or phone number: choose them, or say it is not.")
            self.add_error("new_email", text)

    def known_contacts(self, new: NewCustomer) -> list[Customer]:
        """Whom the address or number leads to already; whom this very page has made is not meant. 1 statement."""
        if not (new.email or new.phone):
            return []
        visible = self.fields["customer"].queryset  # type: ignore[attr-defined]
        rows = customers_with_contact(new.email, new.phone).filter(pk__in=visible.order_by().values("pk"))
        made_here: Any = self.cleaned_data.get("key")
        return list(rows.exclude(pk=made_here)[:_MOST_KNOWN])

    def _check_country(self, values: Mapping[str, Any]) -> None:
        delivery, country = values.get("delivery_address"), values.get("ship_to_country")
        if delivery and country and delivery["country"] != country:
            self.add_error("ship_to_country", gettext("The delivery address is in another country."))

    def _choices(self, kind: str) -> Sequence[tuple[str, str]]:
        customer = self.shown_customer()
        of_customer = customer.addresses if customer else ()
        own = [(each["id"], address_text(each, separator=", ")) for each in of_customer if each["kind"] == kind]
        return [("", gettext("The customer's default")), *own, (TYPED, gettext("Another one"))]
