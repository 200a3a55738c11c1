# ruff: noqa: S608 - every part of these statements is a constant of ours
"""Money and goods that went back."""

from orders.audit.check import Check
from orders.states import MONEY_GOES_BACK, OPEN_REFUNDS, in_sql

# What refunds that were not called off gave back for a line.
_LINES = """
    SELECT row.item_id, sum(row.quantity) AS quantity, sum(row.amount) AS amount
    FROM orders_refund_item AS row JOIN orders_refund AS refund ON refund.id = row.refund_id
    WHERE refund.status <> 'CANCELLED' GROUP BY row.item_id
"""
# What returns brought back of a line.
_CAME = """
    SELECT item_id, sum(received_quantity) AS received, sum(restocked_quantity) AS restocked
    FROM orders_return_item GROUP BY item_id
"""

CHECKS = (
    Check(
        "refunds_equal_payments",
        "What a payment gave back is the sum of its refunds that were not called off, and at most what came in.",
        """
        SELECT payment.id AS payment_id, payment.order_id, payment.amount, payment.refunded_amount,
               coalesce(sum(refund.amount), 0) AS refunds
        FROM orders_payment AS payment
        LEFT JOIN orders_refund AS refund ON refund.payment_id = payment.id AND refund.status <> 'CANCELLED'
        GROUP BY payment.id, payment.order_id, payment.amount, payment.refunded_amount
        HAVING payment.refunded_amount <> coalesce(sum(refund.amount), 0) OR payment.refunded_amount > payment.amount
        """,
    ),
    Check(
        # As incoming_payments.balances counts: what an edit gave back is in no total any more, an overpayment never
        # was.
        "refunds_within_their_seller_order",
        "For no order, and no sub-order, more was given back than it costs; changes and overpayments aside.",
        """
        SELECT o.id AS order_id, o.number, o.total, sum(refund.amount) AS refunds
        FROM orders_order AS o JOIN orders_refund AS refund ON refund.order_id = o.id
        WHERE refund.status <> 'CANCELLED' AND refund.cause NOT IN ('edit', 'overpayment')
        GROUP BY o.id, o.number, o.total HAVING sum(refund.amount) > o.total
        """,
    ),
    Check(
        "refunds_are_of_their_order",
        "A refund comes from a payment of its order's whole, in its currency, and is for lines of that order.",
        """
        SELECT refund.id AS refund_id, refund.order_id, refund.payment_id, item.id AS item_id
        FROM orders_refund AS refund
        JOIN orders_order AS o ON o.id = refund.order_id
        JOIN orders_payment AS payment ON payment.id = refund.payment_id
        LEFT JOIN orders_refund_item AS row ON row.refund_id = refund.id
        LEFT JOIN orders_order_item AS item ON item.id = row.item_id
        WHERE payment.order_id <> coalesce(o.parent_id, o.id) OR payment.currency <> refund.currency
              OR item.order_id <> refund.order_id
        """,
    ),
    Check(
        # What refunds of a line come to, not what each says: a cent that one rounded down the next gives back.
        "refunded_units_equal_refunds",
        "A line's refunded units are those of its refunds, which give back no more than the line costs.",
        f"""
        SELECT item.id AS item_id, item.order_id, item.refunded_quantity, back.quantity, back.amount,
               item.total_price - item.discount_amount + item.tax_amount AS costs
        FROM orders_order_item AS item LEFT JOIN ({_LINES}) AS back ON back.item_id = item.id
        WHERE item.refunded_quantity <> coalesce(back.quantity, 0)
              OR back.amount > greatest(item.total_price - item.discount_amount + item.tax_amount, 0)
        """,
    ),
    Check(
        # At least: what an edit took off a line after it was sold lies on the shelf again, too, and is of no refund.
        "returned_units_equal_returns",
        "A line's returned units are those that its returns brought back, and what of these can be sold again is on "
        "the shelf.",
        f"""
        SELECT item.id AS item_id, item.order_id, item.returned_quantity, came.received, came.restocked,
               moved.returned AS ledger_returned
        FROM orders_order_item AS item
        LEFT JOIN ({_CAME}) AS came ON came.item_id = item.id
        LEFT JOIN (
            SELECT order_item_id, sum(quantity) AS returned FROM inventory_stock_movement
            WHERE kind = 'return' AND order_item_id IS NOT NULL GROUP BY order_item_id
        ) AS moved ON moved.order_item_id = item.id
        LEFT JOIN (
            SELECT item_id, sum(restocked_quantity) AS restocked FROM orders_refund_item GROUP BY item_id
        ) AS refunded ON refunded.item_id = item.id
        WHERE item.returned_quantity <> coalesce(came.received, 0)
              OR coalesce(moved.returned, 0) < coalesce(came.restocked, 0) + coalesce(refunded.restocked, 0)
        """,
    ),
    Check(
        "refunded_orders_say_so",
        "An order of which money that counted went back says so.",
        f"""
        SELECT o.id AS order_id, o.number, o.payment_status, sum(refund.amount) AS refunds
        FROM orders_order AS o JOIN orders_refund AS refund ON refund.order_id = o.id
        WHERE refund.status <> 'CANCELLED' AND refund.cause <> 'overpayment'
              AND o.payment_status NOT IN ({in_sql(MONEY_GOES_BACK)})
        GROUP BY o.id, o.number, o.payment_status
        """,
    ),
    Check(
        # Notes from before they named their tax stay as they were issued: docs/decisions/credit-notes.md.
        "credit_notes_add_up",
        "A credit note's net and tax are its total, its refund's amount; and its tax is the sum of its rates'.",
        """
        SELECT note.id AS invoice_id, note.order_id, note.number, refund.amount,
               note.content ->> 'total' AS total, note.content ->> 'net' AS net, note.content ->> 'tax' AS tax
        FROM orders_invoice AS note JOIN orders_refund AS refund ON refund.id = note.refund_id
        WHERE (note.content ->> 'total')::numeric <> refund.amount
              OR (note.content ? 'taxes' AND (
                  (note.content ->> 'net')::numeric + (note.content ->> 'tax')::numeric <> refund.amount
                  OR (note.content ->> 'tax')::numeric <> coalesce((
                      SELECT sum((rate ->> 'tax')::numeric) FROM jsonb_array_elements(note.content -> 'taxes') AS rate
                  ), 0)))
        """,
    ),
    Check(
        "refunds_do_not_wait",
        "No refund waits for more than three days to be paid out.",
        f"""
        SELECT id AS refund_id, order_id, status, amount, currency, created_at FROM orders_refund
        WHERE status IN ({in_sql(OPEN_REFUNDS)}) AND created_at < now() - interval '3 days'
        """,
        is_discrepancy=False,
    ),
)
