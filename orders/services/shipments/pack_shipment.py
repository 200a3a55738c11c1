"""Packing a shipment of a paid order."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.incoming_payments.settled import check_settled
from orders.lifecycle import reasons
from orders.lifecycle.checks import check_version
from orders.lifecycle.locking import lock_order_group
from orders.lifecycle.order_group import OrderGroup
from orders.lifecycle.under_lock import change_under_lock
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.models.shipment import Shipment
from orders.shipping.choosing import choose_units
from orders.shipping.following import follow_shipments
from orders.shipping.shipments import UNTRACKED, Tracking, facts_of, make_shipment
from orders.shipping.unfulfilled import unfulfilled_of
from orders.states import NOT_GOING, PaymentStatus
from shared.actor import Actor
from shared.clock import database_now
from shared.errors import Refusal
from shared.ids import new_id


class NotPaid(Refusal):
    code = "not_paid"
    title = _("Only what is paid can be shipped")
    members = {"status_now?": str}


class SplitOrder(Refusal):
    code = "ship_its_sub_orders"
    title = _("The order has a sub-order for each seller: ship these")
    members = {"sub_orders": [{"id": UUID, "number": str}]}


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

    The order becomes PROCESSING with its first shipment. `unsettled`: somebody who may says that it leaves though its
    money is not settled. Raises OrderNotFound, ItemNotInOrder, StaleVersion (of the order), NotPaid, Unsettled,
    SplitOrder, SeveralLocations, UnitsNotThere, Unavailable. Locks the order with its order group. Commits its own
    transaction.
    """
    event_id, shipment_id = new_id(), new_id()
    # The id is made before the first try, so that a shipment whose answer was lost is found by it.
    find_done = Shipment.objects.filter(pk=shipment_id).first

    def pack(group: OrderGroup) -> Shipment:
        seller_order = group.member(order_id)
        check_version(seller_order, expected_version)
        _check_shippable(group, seller_order)
        if not unsettled:
            check_settled(group)
        # A seller's own people pack at their own locations, whatever else the order has.
        place, units = choose_units(seller_order, unfulfilled_of(seller_order).within(sellers), items, location_id)
        change: dict[str, Any] = {"actor": actor, "now": now or database_now()}
        shipment = make_shipment(
            seller_order, location_id=place, units=units, shipment_id=shipment_id, tracking=tracking, **change
        )
        change |= {"kind": EventKind.STATUS_CHANGED, "reason": reasons.PACKED(), "event_id": event_id}
        follow_shipments(group, seller_order, data={"shipments": facts_of([shipment])}, **change)
        return shipment

    return change_under_lock(pack, lock=partial(lock_order_group, order_id), name="pack_shipment", find_done=find_done)


def _check_shippable(group: OrderGroup, seller_order: Order) -> None:
    if group.sub_orders and seller_order.pk == group.parent.pk:
        raise SplitOrder(
            gettext("Order %(number)s is shipped by its sub-orders.") % {"number": seller_order.number},
            sub_orders=[{"id": str(sub_order.pk), "number": sub_order.number} for sub_order in group.sub_orders],
        )
    # PARTIALLY_REFUNDED as well: what was not refunded is still to be sent.
    is_paid = seller_order.payment_status in (PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED)
    if not is_paid or seller_order.status in NOT_GOING:
        raise NotPaid(
            gettext("Order %(number)s is %(status)s, payment %(payment_status)s: nothing of it can be shipped.")
            % {
                "number": seller_order.number,
                "status": seller_order.get_status_display().lower(),
                "payment_status": seller_order.get_payment_status_display().lower(),
            },
            status_now=seller_order.status,
        )
