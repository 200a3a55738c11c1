"""Rows of shipments: made, sent, delivered, called off. The seller order must be locked; its own state is the
caller's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.lifecycle.checks import check_step
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.shipment import Shipment, ShipmentItem
from orders.shipping.unfulfilled import Units, unfulfilled_of, units_to_ship
from orders.states import SHIPMENT, ShipmentStatus, Trigger
from shared.actor import Actor
from shared.database.insert_rows import insert_rows
from shared.database.set_columns import set_columns
from shared.errors import Refusal
from shared.ids import new_id
from shared.planner.compiled import Ids, Update, compiled_rows, compiled_update
from shared.planner.compiled_query import EqualsAny


class UnitsNotThere(Refusal):
    code = "units_not_there"
    title = _("More units than are left to ship")
    members = {"items": [{"item": UUID, "sku": str, "requested": int, "available": int}]}


@dataclass(frozen=True, slots=True)
class Tracking:
    """Who carries a shipment and how to follow it; empty: not known."""

    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""

    def known(self) -> dict[str, str]:
        """Fields to set: what is not known leaves what was written before."""
        fields = {
            "carrier": self.carrier,
            "tracking_number": self.tracking_number,
            "tracking_url": self.tracking_url,
        }
        return {name: value for name, value in fields.items() if value}


UNTRACKED = Tracking()


def make_shipment(
    seller_order: Order,
    *,
    location_id: UUID,
    units: Units,
    actor: Actor,
    now: datetime,
    shipment_id: UUID | None = None,
    tracking: Tracking = UNTRACKED,
) -> Shipment:
    """A READY shipment of `units`, which the caller has checked against what is unfulfilled. 3 statements."""
    # Shipments are never deleted and the order's lock keeps others out, so counting them finds a number that is free.
    number = len(_shipments(order_id=seller_order.pk)) + 1
    shipment = Shipment(
        id=shipment_id or new_id(),
        order=seller_order,
        number=f"{seller_order.number}-S{number}",
        location_id=location_id,
        actor_id=actor.user_id,
        created_at=now,
        **tracking.known(),
    )
    insert_rows([shipment])
    # insert_rows takes instances for rows alone: a later save() would insert this one once more.
    shipment._state.adding = False
    insert_rows(
        [
            ShipmentItem(id=new_id(), shipment=shipment, item_id=item_id, quantity=quantity)
            for item_id, quantity in units.items()
        ]
    )
    return shipment


@compiled_rows
def _shipments(*, order_id: UUID) -> QuerySet[Shipment]:
    return Shipment.objects.filter(order_id=order_id).order_by("id")


@compiled_rows
def _lines_of(*, shipment_ids: Ids) -> QuerySet[ShipmentItem]:
    return ShipmentItem.objects.filter(EqualsAny("shipment_id", shipment_ids)).select_related("item").order_by("id")


@compiled_update
def _count_as_shipped(*, shipment_id: UUID) -> Update:
    inside = ShipmentItem.objects.filter(shipment=shipment_id)
    units = inside.filter(item=OuterRef("pk")).order_by().values("quantity")
    items = OrderItem.objects.filter(pk__in=inside.order_by().values("item_id"))
    return Update(items, {"shipped_quantity": F("shipped_quantity") + Subquery(units)})


def send(shipment: Shipment, *, now: datetime, tracking: Tracking = UNTRACKED) -> None:
    """A READY shipment leaves: its units count as shipped from now on. 3 statements.

    Raises InvalidTransition, and UnitsNotThere when units in it were called off since it was packed.
    """
    check_step(shipment.number, shipment.status, ShipmentStatus.SHIPPED, by=Trigger.STAFF, table=SHIPMENT)
    lines = _lines_of(shipment_ids=[shipment.pk])
    # Packing took nothing: a refund may have called units off since (docs/decisions/shipments.md).
    gone = [line for line in lines if line.quantity > units_to_ship(line.item)]
    if gone:
        raise UnitsNotThere(
            gettext("Units in %(number)s were called off since it was packed: cancel it and pack the rest.")
            % {"number": shipment.number},
            items=[shortage(line.item, line.quantity, units_to_ship(line.item)) for line in gone],
        )
    _count_as_shipped(shipment_id=shipment.pk)
    _set_shipment_status(shipment, ShipmentStatus.SHIPPED, shipped_at=now, **tracking.known())


def deliver(shipment: Shipment, *, now: datetime) -> None:
    """A shipment arrived. Raises InvalidTransition."""
    check_step(shipment.number, shipment.status, ShipmentStatus.DELIVERED, by=Trigger.STAFF, table=SHIPMENT)
    _set_shipment_status(shipment, ShipmentStatus.DELIVERED, delivered_at=now)


def cancel_units(shipment: Shipment, *, by: Trigger = Trigger.STAFF) -> None:
    """A READY shipment is unpacked: its units may be packed again. Raises InvalidTransition."""
    check_step(shipment.number, shipment.status, ShipmentStatus.CANCELLED, by=by, table=SHIPMENT)
    _set_shipment_status(shipment, ShipmentStatus.CANCELLED)


def cancel_overfull(seller_order: Order) -> list[Shipment]:
    """After units were called off: unpack READY shipments, the newest first, until the others hold no more than is
    left to ship. Answers those that were unpacked."""
    unpacked: list[Shipment] = []
    while overfull := [item for item, units in unfulfilled_of(seller_order).open.items() if units < 0]:
        # One by one: with the newest unpacked, several lines may fit again.
        packed = Shipment.objects.filter(order=seller_order, status=ShipmentStatus.READY, items__item__in=overfull)
        shipment = packed.order_by("-created_at", "-id")[0]
        cancel_units(shipment, by=Trigger.REFUND)
        unpacked.append(shipment)
    return unpacked


def send_rest(seller_order: Order, *, actor: Actor, now: datetime) -> list[Shipment]:
    """All that has not left leaves now: shipments that are packed, and of the rest one for each location.

    Raises UnitsNotThere when units sold beyond the stock have not come yet.
    """
    unfulfilled = unfulfilled_of(seller_order)
    if missing := unfulfilled.missing():
        raise UnitsNotThere(
            gettext("Order %(number)s waits for units that were sold beyond the stock.")
            % {"number": seller_order.number},
            items=[
                shortage(unfulfilled.items[item], unfulfilled.open[item], unfulfilled.open[item] - units)
                for item, units in missing.items()
            ],
        )
    shipments = [each for each in _shipments(order_id=seller_order.pk) if each.status == ShipmentStatus.READY]
    for location_id, units in unfulfilled.shipments().items():
        shipments.append(make_shipment(seller_order, location_id=location_id, units=units, actor=actor, now=now))
    for shipment in shipments:
        send(shipment, now=now)
    return shipments


def deliver_rest(seller_order: Order, *, now: datetime) -> list[Shipment]:
    """All shipments on their way arrive."""
    shipments = [each for each in _shipments(order_id=seller_order.pk) if each.status == ShipmentStatus.SHIPPED]
    for shipment in shipments:
        deliver(shipment, now=now)
    return shipments


def facts_of(shipments: Iterable[Shipment]) -> list[dict[str, Any]]:
    """What an order's event says of its shipments, with their lines."""
    found = list(shipments)
    lines: dict[UUID, list[dict[str, Any]]] = {shipment.pk: [] for shipment in found}
    for row in _lines_of(shipment_ids=list(lines)):
        lines[row.shipment_id].append({"item": str(row.item_id), "sku": row.item.sku, "quantity": row.quantity})
    return [
        {
            "id": str(shipment.pk),
            "number": shipment.number,
            "status": str(shipment.status),
            "location": str(shipment.location_id),
            "carrier": shipment.carrier,
            "tracking_number": shipment.tracking_number,
            "items": lines[shipment.pk],
        }
        for shipment in found
    ]


def shortage(item: OrderItem, requested: int, available: int) -> dict[str, Any]:
    """What a refusal says of one line."""
    return {"item": str(item.pk), "sku": item.sku, "requested": requested, "available": max(available, 0)}


def _set_shipment_status(shipment: Shipment, status: ShipmentStatus, **fields: Any) -> None:
    set_columns(Shipment, [shipment.pk], {"status": status, **fields}, raised=("version",))
    shipment.version += 1
    # In memory as well: the event that follows tells of the shipment as it is now.
    for name, value in {"status": status, **fields}.items():
        setattr(shipment, name, value)
