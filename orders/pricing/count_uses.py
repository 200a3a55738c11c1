"""How often somebody used a coupon."""

from uuid import UUID

from orders.models.coupon import CouponUse
from orders.models.sales import ArchivedOrder
from users.queries import ids_of_same_person


def uses_by_person(coupon_id: UUID, customer_id: UUID) -> int:
    """By whoever this customer is, whichever record of theirs ordered; orders in the archive count on."""
    mine = {"coupon": coupon_id, "customer__in": ids_of_same_person(customer_id)}
    here = CouponUse.objects.filter(**mine).values("pk")
    return here.union(ArchivedOrder.objects.filter(**mine).order_by().values("pk"), all=True).count()
