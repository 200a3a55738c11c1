"""How often coupons were used."""

from orders.audit.check import Check

CHECKS = (
    Check(
        "coupons_count_their_uses",
        "A coupon was used as often as it counts, by orders that name it and are theirs who used it.",
        """
        SELECT coupon.id AS coupon_id, coupon.code, coupon.used_count, count(used.id) AS uses,
               archived.uses AS in_the_archive,
               count(used.id) FILTER (WHERE o.coupon_code <> coupon.code OR o.customer_id <> used.customer_id)
                   AS of_other_orders
        FROM orders_coupon AS coupon
        LEFT JOIN orders_coupon_use AS used ON used.coupon_id = coupon.id
        LEFT JOIN orders_order AS o ON o.id = used.order_id
        LEFT JOIN (
            SELECT coupon_id, count(*) AS uses FROM orders_archived_order WHERE coupon_id IS NOT NULL GROUP BY coupon_id
        ) AS archived ON archived.coupon_id = coupon.id
        GROUP BY coupon.id, archived.uses
        HAVING coupon.used_count <> count(used.id) + coalesce(archived.uses, 0)
               OR bool_or(o.coupon_code <> coupon.code OR o.customer_id <> used.customer_id)
        """,
    ),
    Check(
        # One that was paid keeps its use, refunded or not: orders.pricing.coupon_use gives back those of unpaid ones.
        "coupons_of_unpaid_cancelled_orders_are_free",
        "An order that was cancelled unpaid uses no coupon.",
        """
        SELECT o.id AS order_id, o.number, used.coupon_id
        FROM orders_coupon_use AS used JOIN orders_order AS o ON o.id = used.order_id
        WHERE o.status = 'CANCELLED' AND o.paid_at IS NULL
        """,
    ),
)
