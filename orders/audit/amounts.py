# ruff: noqa: S608 - every part of these statements is a constant of ours
"""What orders cost, and the money that came in for them."""

from orders.audit.check import Check
from orders.models.payment import COUNTS_FOR_ORDER
from orders.states import UNPAID, in_sql

# What an order's lines add up to; an order that was split also counts its sub-orders.
# Summed before they are joined: side by side, each line would be counted once for every sub-order.
_SUMS = """
    SELECT o.id AS order_id, o.number, o.subtotal, o.discount_total, o.tax_total,
           coalesce(lines.subtotal, 0) + coalesce(sub_orders.subtotal, 0) AS lines_subtotal,
           coalesce(lines.discount_total, 0) + coalesce(sub_orders.discount_total, 0) + coalesce(written_off.amount, 0)
               AS lines_discount_total,
           coalesce(lines.tax_total + o.shipping_tax, 0) + coalesce(sub_orders.tax_total, 0) AS lines_tax_total
    FROM orders_order AS o
    LEFT JOIN (
        SELECT order_id, sum(total_price) AS subtotal, sum(discount_amount) AS discount_total,
               sum(tax_amount) AS tax_total
        FROM orders_order_item GROUP BY order_id
    ) AS lines ON lines.order_id = o.id
    LEFT JOIN (
        SELECT parent_id, sum(subtotal) AS subtotal, sum(discount_total) AS discount_total, sum(tax_total) AS tax_total
        FROM orders_order WHERE parent_id IS NOT NULL GROUP BY parent_id
    ) AS sub_orders ON sub_orders.parent_id = o.id
    LEFT JOIN (
        SELECT order_id, -sum(amount) AS amount FROM orders_adjustment WHERE kind = 'write_off' GROUP BY order_id
    ) AS written_off ON written_off.order_id = o.id
"""

# What came in for an order, by what became of it. The money of a split order is its parent order's.
_PAID = """
    SELECT o.id AS order_id, o.number, o.status, o.payment_status,
           o.total, o.paid_at,
           count(payment.id) AS payments,
           count(payment.id) FILTER (WHERE payment.status = 'PAID') AS paid,
           count(payment.id) FILTER (WHERE payment.status = 'PAID' AND NOT payment.is_partial) AS paid_alone,
           coalesce(sum(payment.amount - payment.excess_amount) FILTER (WHERE payment.status = 'PAID'), 0)
               AS paid_amount,
           coalesce(sum(payment.amount) FILTER (WHERE payment.status = 'UNDERPAID'), 0) AS waiting_amount,
           count(payment.id) FILTER (WHERE payment.status = 'UNDERPAID') AS waiting,
           count(payment.id) FILTER (WHERE payment.status = 'REFUND_DUE') AS refunds_due,
           coalesce(max(dearer.amount), 0) AS dearer
    FROM orders_order AS o LEFT JOIN orders_payment AS payment ON payment.order_id = o.id
    LEFT JOIN (
        SELECT coalesce(seller_order.parent_id, seller_order.id) AS whole_id, sum(difference) AS amount
        FROM orders_order_edit JOIN orders_order AS seller_order ON seller_order.id = order_id
        WHERE difference > 0 GROUP BY 1
    ) AS dearer ON dearer.whole_id = o.id
    WHERE o.parent_id IS NULL
    GROUP BY o.id, o.number, o.status, o.payment_status, o.total, o.paid_at
"""

CHECKS = (
    Check(
        "item_amounts_add_up",
        "A line's total is its quantity times its unit price, less the tax in it; its tax is its rate of what the "
        "discount leaves, but for rounding.",
        # Half of the largest minor unit there is: one whole unit, in currencies without decimals.
        """
        SELECT order_id, id AS item_id, quantity, unit_price, total_price, discount_amount, tax_included, tax_rate,
               tax_amount
        FROM orders_order_item
        WHERE total_price <> quantity * unit_price - CASE WHEN tax_included THEN tax_amount ELSE 0 END
              OR discount_amount > quantity * unit_price
              OR abs(tax_amount - (quantity * unit_price - discount_amount) * tax_rate
                                  / CASE WHEN tax_included THEN 1 + tax_rate ELSE 1 END) > 0.5
              OR (tax_rate = 0 AND tax_amount <> 0)
        """,
    ),
    Check(
        "order_equals_its_items",
        "Subtotal, discount (with what was written off) and tax (with shipping's) are sums of lines and sub-orders.",
        f"""
        SELECT * FROM ({_SUMS}) AS sums
        WHERE (subtotal, discount_total, tax_total)
              IS DISTINCT FROM (lines_subtotal, lines_discount_total, lines_tax_total)
        """,
    ),
    Check(
        # A CHECK says the same: the audit asks what is in the table, not what should have been kept out of it.
        "order_total_adds_up",
        "An order's total is subtotal - discount + tax + shipping, and none of them is below zero.",
        """
        SELECT id AS order_id, number, subtotal, discount_total, tax_total, shipping_total, total
        FROM orders_order
        WHERE total <> subtotal - discount_total + tax_total + shipping_total
              OR least(subtotal, discount_total, tax_total, shipping_total, total) < 0
        """,
    ),
    Check(
        "payment_in_the_order_currency",
        "Every payment is in its order's currency.",
        """
        SELECT o.id AS order_id, o.number, payment.id AS payment_id,
               o.currency, payment.currency AS payment_currency
        FROM orders_payment AS payment JOIN orders_order AS o ON o.id = payment.order_id
        WHERE payment.currency <> o.currency
        """,
    ),
    Check(
        "paid_orders_have_their_payment",
        "What a paid order's payments count for is its total but for what was too much, and for what it was changed to "
        "cost more since; one that costs nothing needs none; at most one pays alone.",
        f"""
        SELECT order_id, number, total, paid AS payments_that_count, paid_amount, dearer, paid_at
        FROM ({_PAID}) AS money
        WHERE payment_status = 'PAID'
              AND (paid_alone > 1 OR paid_amount NOT BETWEEN total - dearer AND total OR paid_at IS NULL)
        """,
    ),
    Check(
        # A warning: orders of 0.00 that were placed before these were confirmed at once may still wait.
        "free_orders_are_confirmed",
        "No order waits for a payment of nothing.",
        """
        SELECT id AS order_id, number, created_at FROM orders_order
        WHERE status = 'PENDING' AND total = 0 AND parent_id IS NULL
        """,
        is_discrepancy=False,
    ),
    Check(
        "unpaid_orders_have_no_payment",
        "An unpaid order has no payment that counts, and none but those that are too little.",
        f"""
        SELECT order_id, number, status, payment_status, payments, paid AS payments_that_count,
               waiting_amount, total
        FROM ({_PAID}) AS money
        WHERE (payment_status IN ({in_sql(UNPAID)}) AND (payments > waiting OR paid_at IS NOT NULL))
              OR (status = 'PENDING' AND waiting > 0 AND waiting_amount >= total)
              OR (status <> 'PENDING' AND waiting > 0) OR (paid > 0 AND paid_at IS NULL)
        """,
    ),
    Check(
        "open_amounts_are_what_is_due",
        "What an order says is still to be paid is its total, with what changes gave back, less what payments count "
        "for.",
        f"""
        SELECT o.id AS order_id, o.number, o.total, o.open_amount, money.edits, money.counted
        FROM orders_order AS o CROSS JOIN LATERAL (
            SELECT coalesce((
                       SELECT sum(refund.amount) FROM orders_refund AS refund
                       JOIN orders_order AS seller_order ON seller_order.id = refund.order_id
                       WHERE o.id IN (seller_order.id, seller_order.parent_id) AND refund.cause = 'edit'
                             AND refund.status <> 'CANCELLED'
                   ), 0) AS edits,
                   coalesce((
                       SELECT sum(payment.amount - greatest(payment.excess_amount, coalesce((
                           SELECT sum(amount) FROM orders_refund
                           WHERE payment_id = payment.id AND cause = 'overpayment' AND status <> 'CANCELLED'
                       ), 0))) FROM orders_payment AS payment
                       WHERE payment.order_id = o.id AND payment.status IN ({in_sql(COUNTS_FOR_ORDER)})
                   ), 0) AS counted
        ) AS money
        WHERE o.parent_id IS NULL AND o.status <> 'CANCELLED' AND o.payment_status <> 'REFUND_DUE'
              AND greatest(o.total + money.edits - money.counted, 0) <> coalesce(
                  o.open_amount, CASE WHEN o.payment_status IN ({in_sql(UNPAID)}) THEN o.total ELSE 0 END)
        """,
    ),
    Check(
        "refunds_due_are_marked",
        "A cancelled order that money came in for is marked as refund due, and no other order is.",
        f"""
        SELECT order_id, number, status, payment_status, refunds_due FROM ({_PAID}) AS money
        WHERE (status = 'CANCELLED' AND refunds_due > 0) <> (payment_status = 'REFUND_DUE')
        """,
    ),
)
