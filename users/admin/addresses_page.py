"""The page on which staff keep a customer's addresses."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from shared.admin.display import change_url
from shared.admin.form_page import Done, FormPage, answer
from shared.admin.forms import StyledForm, posted, style_fields
from shared.models.address import MAX_ADDRESSES, AddressKind
from users.admin.address_fields import AddressForm, typed_address
from users.customers.address_book import KeptAddress, SentAddress
from users.models.customer import Customer
from users.services.update_customer import update_customer

if TYPE_CHECKING:
    from users.admin.owned import Owned as _Base
else:
    _Base = object


class CustomerAddressesForm(AddressForm, StyledForm):
    """The fields of each address and of a new one; an address whose fields are all empty goes."""

    def __init__(self, addresses: Sequence[KeptAddress], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.places = [*addresses, None] if len(addresses) < MAX_ADDRESSES else [*addresses]
        for number, address in enumerate(self.places, 1):
            label = gettext("Address %(number)s") % {"number": number} if address else gettext("New address")
            self.fields.update(_fields_before(f"a{number}", label, address))
            self.add_address(f"a{number}", label, address)
        style_fields(self.fields)

    def addresses(self) -> list[SentAddress]:
        """As the service takes them."""
        sent: list[SentAddress] = []
        for number, kept in enumerate(self.places, 1):
            typed = typed_address(self.cleaned_data, f"a{number}")
            if typed is not None:
                own: dict[str, Any] = {"id": kept["id"]} if kept else {}
                own |= {name: self.cleaned_data[f"a{number}_{name}"] for name in ("kind", "is_default")}
                sent.append({**typed, **own})  # type: ignore[typeddict-item]
        return sent


def _fields_before(prefix: str, label: str, address: KeptAddress | None) -> dict[str, forms.Field]:
    kind = forms.ChoiceField(
        label=f"{label}: {gettext('kind')}",
        choices=AddressKind.choices,
        initial=address["kind"] if address else AddressKind.DELIVERY,
    )
    is_default = forms.BooleanField(
        label=f"{label}: {gettext('default')}", required=False, initial=bool(address and address["is_default"])
    )
    return {f"{prefix}_kind": kind, f"{prefix}_is_default": is_default}


def addresses_page(request: HttpRequest, customer: Customer) -> FormPage:
    form = CustomerAddressesForm(customer.addresses, posted(request))

    def apply(_values: dict[str, Any]) -> Done:
        update_customer(customer_id=customer.pk, changes={"addresses": form.addresses()})
        return Done(gettext("The addresses of %(customer)s are saved.") % {"customer": customer.name})

    return FormPage(
        title=gettext("Addresses of %(customer)s") % {"customer": customer.name},
        intro=gettext("New orders get the default ones. Empty all fields of an address to take it away."),
        submit=gettext("Save"),
        form=form,
        apply=apply,
        back_url=change_url(Customer, customer.pk),
    )


class AddressButton(_Base):
    @action(description=_("Addresses"), icon="home_pin", permissions=["users.change_customer"])
    def addresses(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return answer(self, request, addresses_page(request, self.find_to_change(request, object_id)))
