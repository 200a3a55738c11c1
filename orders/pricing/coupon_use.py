"""Using a coupon, and giving a use back. In the caller's transaction, under the coupon's row lock: whoever wants the
last use waits for whoever has just taken it.

Lock order: the key or the order, then coupons in primary-key order, then stock levels. The uses of
overdue orders are given back by orders.reservations.expiry_sql.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import F

from orders.models.coupon import Coupon, CouponUse
from orders.models.order import Order
from orders.pricing.count_uses import uses_by_person
from orders.pricing.discounts import CouponInvalid, check_limits
from orders.pricing.terms import coupon_terms


def use_coupon(*, coupon_id: UUID, order_id: UUID, customer_id: UUID, amount: Decimal, now: datetime) -> None:
    """Count an order's use. Raises CouponInvalid when others have used it up meanwhile. Locks the coupon."""
    coupon = Coupon.objects.select_for_update(no_key=True).get(pk=coupon_id)
    _record_use(coupon, order_id=order_id, customer_id=customer_id, amount=amount, now=now)


def give_coupon_back(order: Order) -> None:
    """An order that is cancelled unpaid leaves its coupon to others. Nothing is read for an order without one. The
    order must be locked; locks the coupon."""
    use = CouponUse.objects.filter(order=order).first() if order.coupon_code else None
    if use is not None:
        coupon = Coupon.objects.select_for_update(no_key=True).get(pk=use.coupon_id)
        # The row goes, rather than a mark on it: limits count rows, and the audit compares the counter with them.
        use.delete()
        _count_uses(coupon, -1)


def lock_coupon_of(order: Order) -> Coupon | None:
    """The coupon that an expired order gave back, locked, or None. Nothing is read for an order without one."""
    # Apart from use_again, as whether the order revives shows only once its stock is locked, and coupons come before
    # stock.
    if not order.coupon_code:
        return None
    return Coupon.objects.select_for_update(no_key=True).filter(code=order.coupon_code).first()


def use_again(coupon: Coupon | None, order: Order, *, now: datetime) -> None:
    """A revived order keeps its discount, which was promised; it counts as a use where the limits still allow one.
    The coupon is from lock_coupon_of."""
    if coupon is None or CouponUse.objects.filter(order=order).exists():
        return
    try:
        _record_use(coupon, order_id=order.pk, customer_id=order.customer_id, amount=order.discount_total, now=now)
    except CouponInvalid:
        return


def _record_use(coupon: Coupon, *, order_id: UUID, customer_id: UUID, amount: Decimal, now: datetime) -> None:
    by_customer = 0
    if coupon.customer_limit is not None:
        # Read under the lock: whoever orders as another record of the same person waits for it, and is counted.
        by_customer = uses_by_person(coupon.pk, customer_id)
    check_limits(coupon_terms(coupon, uses_by_customer=by_customer))
    CouponUse.objects.create(coupon=coupon, order_id=order_id, customer_id=customer_id, amount=amount, created_at=now)
    _count_uses(coupon, 1)


def _count_uses(coupon: Coupon, uses: int) -> None:
    Coupon.objects.filter(pk=coupon.pk).update(used_count=F("used_count") + uses)
