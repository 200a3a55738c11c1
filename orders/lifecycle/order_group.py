"""An order and its sellers' parts.

An order over several sellers is a root without lines and one child for each seller, which has that seller's lines.
Everything else is a family of one. Money is the root's; goods are the parts'. A child changes only under its root's
lock (orders.lifecycle.locking.lock_family).
"""

from dataclasses import dataclass
from uuid import UUID

from orders.models.order import Order


@dataclass(frozen=True, slots=True)
class Family:
    """`children` are in the order of their numbers; none for an order of one seller."""

    root: Order
    children: tuple[Order, ...] = ()

    @property
    def parts(self) -> tuple[Order, ...]:
        """The orders that have lines."""
        return self.children or (self.root,)

    @property
    def ids(self) -> list[UUID]:
        """Of the root and all its children."""
        return [self.root.pk, *(child.pk for child in self.children)]

    def member(self, order_id: UUID) -> Order:
        """The root or the child of that id."""
        return next(order for order in (self.root, *self.children) if order.pk == order_id)


def root_id(order: Order) -> UUID:
    """The id of the order that the money hangs on."""
    return order.parent_id or order.pk
