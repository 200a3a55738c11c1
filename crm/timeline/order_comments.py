"""Who writes a comment on an order."""

from typing import Any

from catalog.seller_access import sellers_of
from orders.models.order import Order
from users.access.ownership import may_see


def may_comment(user: Any, order: Order) -> bool:
    """Whether a comment of theirs would be taken: it stands on the order's customer, too, whom they must see and who is
    not deleted. A seller's own people do not read what colleagues say, nor join in."""
    is_there = order.deleted_at is None and order.customer.deleted_at is None
    is_staff = user.has_perm("crm.add_activity") and sellers_of(user) is None
    return is_there and is_staff and may_see(user, order.customer)
