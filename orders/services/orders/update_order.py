"""Changing what is written on an order beside its lines: where it goes, whom documents name, texts of programs."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypedDict
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models.tax import TaxRegion
from orders.lifecycle.changes import change_order_group, find_changed
from orders.lifecycle.checks import check_version
from orders.lifecycle.locking import lock_parent_order
from orders.lifecycle.order_group import OrderGroup
from orders.lifecycle.under_lock import change_under_lock
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.models.shipment import Shipment
from orders.states import OrderStatus, ShipmentStatus
from shared.actor import Actor
from shared.clock import database_now
from shared.database.write_row import check_columns
from shared.errors import Faults, Refusal
from shared.ids import new_id
from shared.text.tax_number import plain_tax_number
from shared.values.addresses import Address, address_of, check_address
from shared.values.metadata import change_metadata

_ADDRESSES = ("delivery_address", "billing_address")
ADDRESS_IS_OPEN = frozenset({OrderStatus.PENDING, OrderStatus.CONFIRMED, OrderStatus.PROCESSING})


class AddressFixed(Refusal):
    """Something of the order is packed, or it is over."""

    code = "address_fixed"
    title = _("The address can be changed no more")


class CountryFixed(Refusal):
    code = "country_fixed"
    title = _("The order was priced for another country")


class OrderChanges(TypedDict, total=False):
    """What may change; what is missing stays. An address None is taken away."""

    delivery_address: Mapping[str, Any] | None
    billing_address: Mapping[str, Any] | None
    customer_tax_number: str
    metadata: dict[str, str | None]  # of which those not named stay; None or "" takes one away


def update_order(
    *,
    order_id: UUID,
    changes: OrderChanges,
    actor: Actor,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Order:
    """Set the addresses until something is packed, tax number and metadata ever. Nothing is written where nothing
    changes.

    Goods go on to the country that they were taxed for. Raises OrderNotFound, IsSubOrder, StaleVersion, InvalidInput,
    AddressFixed, CountryFixed, Unavailable. Locks: the order with its order group. Commits its own transaction.
    """
    event_id = new_id()

    def change(group: OrderGroup) -> Order:
        check_version(group.parent, expected_version)
        if values := _changed_values(group, changes):
            moment = now or database_now()
            changed = {"changed": sorted(values)}  # names alone: an event tells nobody where somebody lives
            about: dict[str, Any] = {"kind": EventKind.UPDATED, "actor": actor, "now": moment, "data": changed}
            change_order_group(group, event_id=event_id, sub_orders_keep=("metadata",), **about, **values)
        return group.parent

    return change_under_lock(
        change,
        lock=partial(lock_parent_order, order_id),
        name="update_order",
        find_done=partial(find_changed, event_id),
    )


def _changed_values(group: OrderGroup, changes: OrderChanges) -> dict[str, Any]:
    order = group.parent
    faults = Faults()
    values: dict[str, Any] = _changed_addresses(order, changes, faults)
    if "customer_tax_number" in changes:
        values["customer_tax_number"] = faults.gather(_checked_number, changes["customer_tax_number"])
    if "metadata" in changes:
        values["metadata"] = faults.gather(change_metadata, order.metadata, changes["metadata"])
    faults.refuse()
    values = {name: value for name, value in values.items() if value != getattr(order, name)}
    if values.keys() & {*_ADDRESSES}:
        _check_open(group)
    if "delivery_address" in values:
        _check_country(order, values["delivery_address"])
    return values


def _checked_number(text: str) -> str:
    number = plain_tax_number(text)
    check_columns(Order, {"customer_tax_number": number})
    return number


def _changed_addresses(order: Order, changes: OrderChanges, faults: Faults) -> dict[str, Address | None]:
    """Those that were sent. One that is there as it was sent is not checked: it may be older than its country's
    rules."""
    addresses: dict[str, Address | None] = {}
    for name, value in changes.items():
        if name in _ADDRESSES:
            sent: Any = address_of(value) if value else None  # type: ignore[arg-type]
            is_same = sent == getattr(order, name)
            checked = sent if is_same or not sent else faults.gather(check_address, sent, pointer=f"/{name}")
            addresses[name] = checked
    return addresses


def _check_open(group: OrderGroup) -> None:
    if is_packed(group.ids) or group.parent.status not in ADDRESS_IS_OPEN:
        text = gettext("Order %(number)s is packed, or over: its addresses stay.")
        raise AddressFixed(text % {"number": group.parent.number})


def is_packed(order_ids: list[UUID]) -> bool:
    """Whether some of it is in a shipment that was not unpacked. One statement."""
    packed = Shipment.objects.filter(order__in=order_ids).exclude(status=ShipmentStatus.CANCELLED)
    return packed.exists()


def _check_country(order: Order, address: Address | None) -> None:
    """Taxes and shipping were worked out for where it went: another country is another order."""
    if address is None:
        return
    before = order.ship_to_country or (order.delivery_address or {}).get("country", "")
    if before and address["country"] != before:
        text = gettext("Order %(number)s was priced for %(country)s: place another one for another country.")
        raise CountryFixed(text % {"number": order.number, "country": before})
    # An order keeps no country where no tax depended on it: it may go to any but those with taxes of their own.
    if not before and TaxRegion.objects.filter(country=address["country"]).exists():
        raise CountryFixed
