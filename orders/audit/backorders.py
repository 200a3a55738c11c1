"""Units sold beyond the stock: their numbers, and whom they wait for."""

from orders.audit.check import Check

CHECKS = (
    Check(
        # A full join: a counter without orders that wait is as wrong as orders that no counter knows.
        "backorder_count_is_their_sum",
        "As many units of a variant are counted as waiting as its orders wait for, and no more than its limit allowed.",
        """
        SELECT coalesce(count.variant_id, waiting.variant_id) AS variant_id, count.waiting, count."limit", waiting.units
        FROM inventory_backorder_count AS count
        FULL JOIN (
            SELECT variant_id, sum(quantity - filled_quantity) AS units FROM orders_backorder
            WHERE status = 'waiting' GROUP BY variant_id
        ) AS waiting ON waiting.variant_id = count.variant_id
        WHERE count.waiting IS DISTINCT FROM coalesce(waiting.units, 0) OR count.waiting > count."limit"
        """,
    ),
    Check(
        "backorders_are_of_their_lines",
        "A backorder waits for its line's variant from its line's seller; a cancelled order waits for nothing.",
        """
        SELECT backorder.id AS backorder_id, item.id AS item_id, item.order_id, backorder.status,
               o.status AS order_status
        FROM orders_backorder AS backorder
        LEFT JOIN orders_order_item AS item ON item.id = backorder.item_id
        LEFT JOIN orders_order AS o ON o.id = item.order_id
        WHERE (backorder.variant_id, backorder.seller_id) IS DISTINCT FROM (item.variant_id, item.seller_id)
              OR (backorder.status = 'waiting' AND o.status = 'CANCELLED')
        """,
    ),
)
