"""A packed shipment leaves, arrives or is unpacked: one frame for every change of it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.incoming_payments.settled import check_settled
from orders.lifecycle import reasons
from orders.lifecycle.locking import lock_order_group
from orders.lifecycle.order_group import OrderGroup
from orders.lifecycle.under_lock import change_under_lock
from orders.models.order_event import EventKind, OrderEvent
from orders.models.shipment import Shipment
from orders.shipping.following import follow_shipments
from orders.shipping.shipments import UNTRACKED, Tracking, cancel_units, deliver, facts_of, send
from shared.actor import Actor
from shared.clock import database_now
from shared.concurrency.versions import check_row_version
from shared.errors import NotFound
from shared.ids import new_id


class ShipmentNotFound(NotFound):
    code = "shipment_not_found"
    title = _("No such shipment")


def ship_shipment(
    *,
    shipment_id: UUID,
    actor: Actor,
    tracking: Tracking = UNTRACKED,
    expected_version: int | None = None,
    unsettled: bool = False,
    now: datetime | None = None,
) -> Shipment:
    """A packed shipment leaves: its units are shipped. `tracking` that is empty leaves what was written when packing.

    `unsettled`: as of pack_shipment. Raises ShipmentNotFound, StaleVersion (of the shipment), InvalidTransition,
    UnitsNotThere when units in it were called off meanwhile, Unsettled, Unavailable. Locks the order with its order
    group. Commits its own transaction.
    """
    act = partial(_send_shipment, tracking=tracking, unsettled=unsettled)
    return _change_shipment(
        shipment_id, act, EventKind.SHIPPED, actor=actor, expected_version=expected_version, now=now
    )


def deliver_shipment(
    *, shipment_id: UUID, actor: Actor, expected_version: int | None = None, now: datetime | None = None
) -> Shipment:
    """A shipment arrived. Raises and locks as ship_shipment."""
    return _change_shipment(
        shipment_id, _deliver_shipment, EventKind.DELIVERED, actor=actor, expected_version=expected_version, now=now
    )


def cancel_shipment(
    *,
    shipment_id: UUID,
    actor: Actor,
    reason: str = "",
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Shipment:
    """Unpack a shipment that has not left; its units may be packed again. Raises and locks as ship_shipment."""
    return _change_shipment(
        shipment_id,
        _cancel_shipment,
        EventKind.STATUS_CHANGED,
        actor=actor,
        reason=reason or reasons.UNPACKED(),
        expected_version=expected_version,
        now=now,
    )


def _send_shipment(
    group: OrderGroup, shipment: Shipment, now: datetime, *, tracking: Tracking, unsettled: bool
) -> None:
    if not unsettled:
        check_settled(group)
    send(shipment, now=now, tracking=tracking)


def _deliver_shipment(group: OrderGroup, shipment: Shipment, now: datetime) -> None:
    deliver(shipment, now=now)


def _cancel_shipment(group: OrderGroup, shipment: Shipment, now: datetime) -> None:
    cancel_units(shipment)


def _change_shipment(
    shipment_id: UUID,
    act: Callable[[OrderGroup, Shipment, datetime], None],
    kind: EventKind,
    *,
    actor: Actor,
    expected_version: int | None,
    now: datetime | None,
    reason: str = "",
) -> Shipment:
    """The frame of every change of one shipment."""
    event_id = new_id()

    def find_done() -> Shipment | None:
        return _find_shipment(shipment_id) if OrderEvent.objects.filter(pk=event_id).exists() else None

    def change(group: OrderGroup) -> Shipment:
        shipment = _find_shipment(shipment_id)
        # Its own version: that another shipment of the order has moved is no conflict.
        stale = gettext("Shipment %(number)s is at version %(version)s, not %(expected_version)s.")
        check_row_version(shipment, expected_version, stale, number=shipment.number)
        moment = now or database_now()
        act(group, shipment, moment)
        follow_shipments(
            group,
            group.member(shipment.order_id),
            kind=kind,
            actor=actor,
            now=moment,
            reason=reason,
            event_id=event_id,
            data={"shipments": facts_of([shipment])},
        )
        return shipment

    return change_under_lock(
        change,
        lock=lambda: lock_order_group(_find_shipment(shipment_id).order_id),  # which never changes
        name="change_shipment",
        find_done=find_done,
    )


def _find_shipment(shipment_id: UUID) -> Shipment:
    shipment = Shipment.objects.filter(pk=shipment_id).first()
    if shipment is None:
        raise ShipmentNotFound(gettext("No such shipment: %(shipment_id)s.") % {"shipment_id": shipment_id})
    return shipment
