"""The pages on which staff change where an order goes, and whom its documents name."""

from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext

from orders.models.order import Order
from orders.services.orders.update_order import update_order
from shared.admin.base import actor_of
from shared.admin.display import change_url
from shared.admin.form_page import Done, FormPage
from shared.admin.forms import VersionForm, posted, style_fields
from shared.text.tax_number import TaxNumberInput
from users.admin.address_fields import AddressForm, typed_address

TAX_NUMBER: Literal["customer_tax_number"] = "customer_tax_number"


class AddressesForm(AddressForm, VersionForm):
    """All fields of both; an address whose fields are all empty is taken away."""

    def __init__(self, order: Order, *args: object, **kwargs: object) -> None:
        super().__init__(*args, initial={"version": order.version}, **kwargs)
        # An address is one value of many fields; they are made by one function for every page that has addresses.
        self.add_address("delivery", gettext("Delivery"), order.delivery_address)
        self.add_address("billing", gettext("Billing"), order.billing_address)
        self.fields[TAX_NUMBER] = tax_number_field(order)
        style_fields(self.fields)


class TaxNumberForm(VersionForm):
    def __init__(self, order: Order, *args: object, **kwargs: object) -> None:
        super().__init__(*args, initial={"version": order.version}, **kwargs)
        self.fields[TAX_NUMBER] = tax_number_field(order)
        style_fields(self.fields)


def tax_number_field(order: Order) -> TaxNumberInput:
    text = gettext("Of the buyer, on documents that are issued from now on. An invoice with another one is replaced.")
    return TaxNumberInput(
        label=gettext("Tax number"), required=False, initial=order.customer_tax_number, help_text=text
    )


def address_page(request: HttpRequest, order: Order) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        updated = update_order(
            order_id=order.pk,
            changes={
                # Both at once and in one service call, so that the history has one entry and the page one version.
                "delivery_address": typed_address(values, "delivery"),
                "billing_address": typed_address(values, "billing"),
                TAX_NUMBER: values[TAX_NUMBER],
            },
            actor=actor_of(request),
            expected_version=values["version"],
        )
        return Done(gettext("The addresses of order %(number)s are changed.") % {"number": updated.number})

    return FormPage(
        title=gettext("Addresses of order %(number)s") % {"number": order.number},
        intro=gettext("They can be changed until something is packed. The country stays: taxes depend on it."),
        submit=gettext("Save"),
        form=AddressesForm(order, posted(request)),
        apply=apply,
        back_url=change_url(Order, order.pk),
    )


def tax_number_page(request: HttpRequest, order: Order) -> FormPage:
    """Of an order whose addresses stay: an invoice may still be asked for."""

    def apply(values: dict[str, Any]) -> Done:
        updated = update_order(
            order_id=order.pk,
            changes={TAX_NUMBER: values[TAX_NUMBER]},
            actor=actor_of(request),
            expected_version=values["version"],
        )
        return Done(gettext("The tax number of order %(number)s is changed.") % {"number": updated.number})

    return FormPage(
        title=gettext("Tax number of order %(number)s") % {"number": order.number},
        submit=gettext("Save"),
        form=TaxNumberForm(order, posted(request)),
        apply=apply,
        back_url=change_url(Order, order.pk),
    )
