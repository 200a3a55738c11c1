"""An order and its sub-orders.

An order over several sellers is a parent order without lines and one sub-order for each seller, which has that seller's
lines. Everything else is an order group of one. Money is the parent order's; goods are the sub-orders'. A sub-order
changes only under its parent order's lock (orders.lifecycle.locking.lock_order_group).
"""

from dataclasses import dataclass
from uuid import UUID

from orders.models.order import Order


@dataclass(frozen=True, slots=True)
class OrderGroup:
    """`sub_orders` are in the order of their numbers; none for an order of one seller."""

    parent: Order
    sub_orders: tuple[Order, ...] = ()

    @property
    def seller_orders(self) -> tuple[Order, ...]:
        """The orders that have lines."""
        return self.sub_orders or (self.parent,)

    @property
    def ids(self) -> list[UUID]:
        """Of the parent order and all its sub-orders."""
        return [self.parent.pk, *(sub_order.pk for sub_order in self.sub_orders)]

    def member(self, order_id: UUID) -> Order:
        """The parent order or the sub-order of that id."""
        return next(order for order in (self.parent, *self.sub_orders) if order.pk == order_id)


def parent_id_of(order: Order) -> UUID:
    """The id of the order that the money hangs on."""
    return order.parent_id or order.pk
