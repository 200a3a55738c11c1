"""Orders that were changed after they were placed."""

from orders.audit.check import Check

CHECKS = (
    Check(
        # A write-off lowers the total without being a change: with it or without, the totals must follow each other.
        "edits_equal_totals",
        "A change's difference is what it moved the total by; changes follow each other, and the last one left the "
        "order as it is, but for what was written off.",
        # What is kept is rounded to the currency's minor unit, as the API shows it.
        """
        SELECT edit.id AS edit_id, edit.order_id, o.number, edit.difference, edit.before ->> 'total' AS before,
               edit.after ->> 'total' AS after, o.total
        FROM (
            SELECT *, lead(before ->> 'total') OVER (PARTITION BY order_id ORDER BY order_version) AS next_before
            FROM orders_order_edit
        ) AS edit JOIN orders_order AS o ON o.id = edit.order_id
        WHERE abs((edit.after ->> 'total')::numeric - (edit.before ->> 'total')::numeric - edit.difference) >= 0.01
              OR least(abs((edit.after ->> 'total')::numeric - coalesce(next_before::numeric, o.total)),
                       abs((edit.after ->> 'total')::numeric - coalesce(next_before::numeric, o.total)
                           + (SELECT coalesce(sum(amount), 0) FROM orders_adjustment
                              WHERE order_id = o.id AND kind = 'write_off'))) >= 0.01
        """,
    ),
    Check(
        # An order over several sellers is told of its sub-order's change as well, and has no change of its own.
        "edits_have_their_event",
        "Every change of an order's lines is told by an event, and every such event of a seller order has its change.",
        """
        SELECT coalesce(edit.order_id, event.order_id) AS order_id, edit.edits, event.events
        FROM (SELECT order_id, count(*) AS edits FROM orders_order_edit GROUP BY order_id) AS edit
        FULL JOIN (
            SELECT event.order_id, count(*) AS events
            FROM orders_order_event AS event
            WHERE event.kind = 'edited' AND event.data -> 'lines' IS NOT NULL
                  AND NOT EXISTS (SELECT FROM orders_order AS sub_order WHERE sub_order.parent_id = event.order_id)
            GROUP BY event.order_id
        ) AS event USING (order_id)
        WHERE edits IS DISTINCT FROM events
        """,
    ),
)
