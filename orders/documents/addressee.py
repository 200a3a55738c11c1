"""Whom a document names, and where: the order's address, else what was known of the customer when it was placed."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from orders.models.order import Order
from shared.values.addresses import address_text


def addressee(order: Order, address: Mapping[str, Any] | None) -> dict[str, str]:
    """`name`, `address` and `country` as documents keep them; the text of an address ends with its country."""
    if not address:
        return {"name": order.customer_name, "address": order.customer_address, "country": order.ship_to_country}
    text = address_text({**address, "name": ""})
    return {"name": address["name"] or order.customer_name, "address": text, "country": ""}


def shown_tax_number(number: str) -> str:
    """The buyer's, as a line below the address."""
    return gettext("Tax number: %(number)s") % {"number": number} if number else ""


def delivered_to(order: Order) -> str:
    """Where the goods go, if that is not where the invoice goes."""
    if not order.delivery_address or order.delivery_address == order.billing_address:
        return ""
    to = addressee(order, order.delivery_address)
    return f"{to['name']}\n{to['address']}"
