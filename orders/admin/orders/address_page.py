"""The page on which staff change where an order goes, and whom its invoice names."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from orders.models.order import Order
from orders.services.orders.update_order import update_order
from shared.admin.base import actor_of
from shared.admin.display import change_url
from shared.admin.form_page import Done, FormPage
from shared.admin.forms import VersionForm, posted, style_fields
from users.admin.address_fields import AddressForm, typed_address


class AddressesForm(AddressForm, VersionForm):
    """All fields of both; an address whose fields are all empty is taken away."""

    def __init__(self, order: Order, *args: object, **kwargs: object) -> None:
        super().__init__(*args, initial={"version": order.version}, **kwargs)
        # An address is one value of many fields; they are made by one function for every page that has addresses.
        self.add_address("delivery", gettext("Delivery"), order.delivery_address)
        self.add_address("billing", gettext("Billing"), order.billing_address)
        style_fields(self.fields)


def address_page(request: HttpRequest, order: Order) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        updated = update_order(
            order_id=order.pk,
            changes={
                # Both at once and in one service call, so that the history has one entry and the page one version.
                "delivery_address": typed_address(values, "delivery"),
                "billing_address": typed_address(values, "billing"),
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
