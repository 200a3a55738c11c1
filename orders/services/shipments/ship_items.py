"""Packing, sending, delivering and calling off the parcels of a paid order."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from orders.incoming_payments.settled import check_settled
from orders.lifecycle.changes import check_version, find_changed
from orders.lifecycle.locking import lock_order_group
from orders.lifecycle.order_group import OrderGroup
from orders.models.order import Order
from orders.models.order_event import EventKind, OrderEvent
from orders.models.shipment import Shipment
from orders.shipping.choosing import choose_units
from orders.shipping.following import follow_parcels
from orders.shipping.parcels import UNTRACKED, Tracking, cancel_units, deliver, facts_of, make_parcel, send
from orders.shipping.rest import rest_of
from orders.states import OrderStatus, PaymentStatus
from shared.actor import Actor
from shared.clock import database_now
from shared.database.transactions import outermost_transaction, retry_transaction
from shared.errors import NotFound, Refusal, StaleVersion
from shared.ids import new_id


class ShipmentNotFound(NotFound):
    code = "shipment_not_found"
    title = _("No such shipment")


class NotPaid(Refusal):
    code = "not_paid"
    title = _("Only what is paid can be shipped")


class SplitOrder(Refusal):
    code = "ship_its_parts"
    title = _("The order has a part for each seller: ship these")


def pack_shipment(
    *,
    order_id: UUID,
    actor: Actor,
    items: Mapping[UUID, int] | None = None,
    location_id: UUID | None = None,
    tracking: Tracking = UNTRACKED,
    sellers: Collection[UUID] | None = None,
    expected_version: int | None = None,
    unsettled: bool = False,
    now: datetime | None = None,
) -> Shipment:
    """Pack units of a paid order's lines (`items`: how many of each; unset: all that lie there) at the location they
    were sold from. `location_id` may be unset where only one has them. `sellers` bounds whose locations count.

    The order becomes PROCESSING with its first parcel. `unsettled`: somebody who may says that it leaves though its
    money is not settled. Raises OrderNotFound, ItemNotInOrder, StaleVersion (of the order), NotPaid, Unsettled,
    SplitOrder, SeveralLocations, UnitsNotThere, Unavailable. Locks the order with its order group. Commits its own
    transaction.
    """
    event_id, shipment_id = new_id(), new_id()

    def find_done() -> Shipment | None:
        return Shipment.objects.filter(pk=shipment_id).first()

    def work(again: bool) -> Shipment:
        with outermost_transaction():
            group = lock_order_group(order_id)
            if again and (done := find_done()):
                return done
            seller_order = group.member(order_id)
            check_version(seller_order, expected_version)
            _check_shippable(group, seller_order)
            if not unsettled:
                check_settled(group)
            place, units = choose_units(seller_order, rest_of(seller_order).within(sellers), items, location_id)
            moment = now or database_now()
            shipment = make_parcel(
                seller_order,
                location_id=place,
                units=units,
                actor=actor,
                now=moment,
                shipment_id=shipment_id,
                tracking=tracking,
            )
            follow_parcels(
                group,
                seller_order,
                kind=EventKind.STATUS_CHANGED,
                actor=actor,
                now=moment,
                reason=gettext_noop("packed"),
                event_id=event_id,
                data={"shipments": facts_of([shipment])},
            )
            return shipment

    return retry_transaction(work, name="pack_shipment", find_done=find_done)


def ship_shipment(
    *,
    shipment_id: UUID,
    actor: Actor,
    tracking: Tracking = UNTRACKED,
    expected_version: int | None = None,
    unsettled: bool = False,
    now: datetime | None = None,
) -> Shipment:
    """A packed parcel leaves: its units are shipped. `tracking` that is empty leaves what was written when packing.

    `unsettled`: as of pack_shipment. Raises ShipmentNotFound, StaleVersion (of the shipment), InvalidTransition,
    UnitsNotThere when units in it were called off meanwhile, Unsettled, Unavailable. Locks the order with its order
    group. Commits its own transaction.
    """
    act = partial(_send, tracking=tracking, unsettled=unsettled)
    return _change(shipment_id, act, EventKind.SHIPPED, actor=actor, expected_version=expected_version, now=now)


def deliver_shipment(
    *, shipment_id: UUID, actor: Actor, expected_version: int | None = None, now: datetime | None = None
) -> Shipment:
    """A parcel arrived. Raises and locks as ship_shipment."""
    return _change(shipment_id, _deliver, EventKind.DELIVERED, actor=actor, expected_version=expected_version, now=now)


def cancel_shipment(
    *,
    shipment_id: UUID,
    actor: Actor,
    reason: str = "",
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Shipment:
    """Unpack a parcel that has not left; its units may be packed again. Raises and locks as ship_shipment."""
    return _change(
        shipment_id,
        _cancel_units,
        EventKind.STATUS_CHANGED,
        actor=actor,
        reason=reason or gettext_noop("unpacked"),
        expected_version=expected_version,
        now=now,
    )


def _send(group: OrderGroup, shipment: Shipment, now: datetime, *, tracking: Tracking, unsettled: bool) -> None:
    if not unsettled:
        check_settled(group)
    send(shipment, now=now, tracking=tracking)


def _deliver(group: OrderGroup, shipment: Shipment, now: datetime) -> None:
    deliver(shipment, now=now)


def _cancel_units(group: OrderGroup, shipment: Shipment, now: datetime) -> None:
    cancel_units(shipment)


def _change(
    shipment_id: UUID,
    act: Callable[[OrderGroup, Shipment, datetime], None],
    kind: EventKind,
    *,
    actor: Actor,
    expected_version: int | None,
    now: datetime | None,
    reason: str = "",
) -> Shipment:
    """The frame of every change of one parcel."""
    event_id = new_id()

    def find_done() -> Shipment | None:
        return _find(shipment_id) if OrderEvent.objects.filter(pk=event_id).exists() else None

    def work(again: bool) -> Shipment:
        with outermost_transaction():
            group = lock_order_group(_find(shipment_id).order_id)  # a shipment's order never changes
            shipment = _find(shipment_id)
            if again and find_changed(event_id):
                return shipment
            if expected_version not in (None, shipment.version):
                raise StaleVersion(
                    gettext("Shipment %(number)s is at version %(version)s, not %(expected_version)s.")
                    % {
                        "number": shipment.number,
                        "version": shipment.version,
                        "expected_version": expected_version,
                    },
                    version=shipment.version,
                )
            moment = now or database_now()
            act(group, shipment, moment)
            follow_parcels(
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

    return retry_transaction(work, name="change_shipment", find_done=find_done)


def _find(shipment_id: UUID) -> Shipment:
    shipment = Shipment.objects.filter(pk=shipment_id).first()
    if shipment is None:
        raise ShipmentNotFound(gettext("No such shipment: %(shipment_id)s.") % {"shipment_id": shipment_id})
    return shipment


def _check_shippable(group: OrderGroup, seller_order: Order) -> None:
    if group.sub_orders and seller_order.pk == group.parent.pk:
        raise SplitOrder(
            gettext("Order %(number)s is shipped by its parts.") % {"number": seller_order.number},
            seller_orders=[{"id": str(sub_order.pk), "number": sub_order.number} for sub_order in group.sub_orders],
        )
    is_paid = seller_order.payment_status in (PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED)
    if not is_paid or seller_order.status in (OrderStatus.PENDING, OrderStatus.CANCELLED):
        raise NotPaid(
            gettext("Order %(number)s is %(status)s, payment %(payment_status)s: nothing of it can be shipped.")
            % {
                "number": seller_order.number,
                "status": seller_order.get_status_display().lower(),
                "payment_status": seller_order.get_payment_status_display().lower(),
            },
            status_now=seller_order.status,
        )
