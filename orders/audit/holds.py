# ruff: noqa: S608 - every part of these statements is a constant of ours
"""Reservations against stock levels, order items and the ledger."""

from orders.audit.check import Check, in_the_archive, removed_with_the_demo
from orders.states import GIVEN_BACK, NOT_GOING, in_sql

# Per item and level: what its reservations say, and what the ledger says.
# Of all statuses: a hold is divided or converted but never deleted, so their sum is all that was ever held.
_HELD = f"""
    SELECT item_id, level_id, sum(quantity) AS held,
           coalesce(sum(quantity) FILTER (WHERE status IN ({in_sql(GIVEN_BACK)})), 0) AS given_back,
           coalesce(sum(quantity) FILTER (WHERE status = 'converted'), 0) AS sold
    FROM orders_reservation GROUP BY item_id, level_id
"""
_MOVED = f"""
    SELECT order_item_id AS item_id, level_id,
           coalesce(sum(quantity) FILTER (WHERE kind = 'reserve'), 0) AS reserved,
           coalesce(sum(quantity) FILTER (WHERE kind = 'release'), 0) AS released,
           coalesce(sum(quantity) FILTER (WHERE kind = 'sale'), 0) AS sold,
           coalesce(sum(quantity) FILTER (WHERE kind = 'return'), 0) AS returned
    FROM inventory_stock_movement WHERE kind IN ('reserve', 'release', 'sale', 'return') AND order_item_id IS NOT NULL
          AND NOT {removed_with_the_demo("order_item_id")} AND NOT {in_the_archive("order_item_id")}
    GROUP BY order_item_id, level_id
"""
# Per item: its order, what it holds and has been sold, and what of it still waits for goods.
_ITEMS = """
    SELECT o.id AS order_id, o.number, o.status, item.id AS item_id,
           item.quantity, item.cancelled_quantity,
           coalesce((SELECT sum(restocked_quantity) FROM orders_refund_item AS refunded
                     WHERE refunded.item_id = item.id), 0) AS restocked,
           coalesce(sum(hold.quantity) FILTER (WHERE hold.status = 'active'), 0) AS active,
           coalesce(sum(hold.quantity) FILTER (WHERE hold.status = 'converted'), 0) AS converted,
           coalesce((SELECT sum(backorder.quantity - filled_quantity) FROM orders_backorder AS backorder
                     WHERE backorder.item_id = item.id AND backorder.status = 'waiting'), 0) AS waiting
    FROM orders_order AS o
    JOIN orders_order_item AS item ON item.order_id = o.id
    LEFT JOIN orders_reservation AS hold ON hold.item_id = item.id
    GROUP BY o.id, o.number, o.status, item.id, item.quantity, item.cancelled_quantity
"""

CHECKS = (
    Check(
        "level_reserved_equals_holds",
        "A level's reserved units are exactly those of its active reservations.",
        """
        SELECT level.id AS level_id, level.reserved, coalesce(held.quantity, 0) AS active
        FROM inventory_stock_level AS level
        LEFT JOIN (
            SELECT level_id, sum(quantity) AS quantity FROM orders_reservation
            WHERE status = 'active' GROUP BY level_id
        ) AS held ON held.level_id = level.id
        WHERE level.reserved <> coalesce(held.quantity, 0)
        """,
    ),
    Check(
        "pending_items_fully_held",
        "Each line of a pending order holds what of its quantity has come, and nothing of it is sold yet.",
        f"""
        SELECT order_id, number, item_id, quantity, active, converted, waiting FROM ({_ITEMS}) AS line
        WHERE status = 'PENDING' AND (active + waiting <> quantity OR converted <> 0)
        """,
    ),
    Check(
        "paid_items_fully_sold",
        "Each line of a paid order in progress has what of its quantity has come sold, but for what was called off and "
        "restocked, and nothing held any more.",
        f"""
        SELECT order_id, number, status, item_id, quantity, cancelled_quantity, restocked, active, converted, waiting
        FROM ({_ITEMS}) AS line
        WHERE status NOT IN ({in_sql(NOT_GOING)})
              AND (quantity - converted - waiting NOT BETWEEN restocked AND cancelled_quantity OR active <> 0)
        """,
    ),
    Check(
        "cancelled_orders_hold_nothing",
        "A cancelled order neither holds stock nor has sold any, but for what was called off and not restocked.",
        f"""
        SELECT order_id, number, item_id, cancelled_quantity, restocked, active, converted FROM ({_ITEMS}) AS line
        WHERE status = 'CANCELLED' AND (active <> 0 OR converted > cancelled_quantity - restocked)
        """,
    ),
    Check(
        "active_holds_only_on_pending_orders",
        "Stock is held for pending orders alone.",
        """
        SELECT hold.id AS reservation_id, hold.item_id, hold.level_id, hold.quantity,
               o.id AS order_id, o.status
        FROM orders_reservation AS hold
        LEFT JOIN orders_order_item AS item ON item.id = hold.item_id
        LEFT JOIN orders_order AS o ON o.id = item.order_id
        WHERE hold.status = 'active' AND o.status IS DISTINCT FROM 'PENDING'
        """,
    ),
    Check(
        "hold_takes_what_was_ordered",
        "A reservation takes the variant its line names, from the seller its line names.",
        """
        SELECT hold.id AS reservation_id, hold.item_id, hold.level_id, item.variant_id, item.seller_id,
               level.variant_id AS held_variant_id, location.seller_id AS held_seller_id
        FROM orders_reservation AS hold
        JOIN orders_order_item AS item ON item.id = hold.item_id
        JOIN inventory_stock_level AS level ON level.id = hold.level_id
        JOIN inventory_stock_location AS location ON location.id = level.location_id
        WHERE (level.variant_id, location.seller_id) <> (item.variant_id, item.seller_id)
        """,
    ),
    Check(
        "hold_keeps_the_deadline",
        "An active reservation expires when its order's time to pay is over.",
        """
        SELECT hold.id AS reservation_id, o.id AS order_id, hold.expires_at,
               o.payment_expires_at
        FROM orders_reservation AS hold
        JOIN orders_order_item AS item ON item.id = hold.item_id
        JOIN orders_order AS seller_order ON seller_order.id = item.order_id
        JOIN orders_order AS o ON o.id = coalesce(seller_order.parent_id, seller_order.id)
        WHERE hold.status = 'active' AND hold.expires_at IS DISTINCT FROM o.payment_expires_at
        """,
    ),
    Check(
        "holds_equal_ledger",
        "For each line and level the ledger reserved, released and sold what the reservations say; what was sold and "
        "is not any more came back there, and of no line more came back than was sold, to a level of its goods.",
        # What a buyer sends back may go to another shelf than that it was sold from: so far counted by line.
        f"""
        SELECT item_id, level_id, held, given_back, sold, ledger_reserved, ledger_released, ledger_sold, ledger_returned
        FROM (
            SELECT item_id, level_id, held.held, held.given_back, held.sold, moved.reserved AS ledger_reserved,
                   moved.released AS ledger_released, moved.sold AS ledger_sold, moved.returned AS ledger_returned,
                   sum(moved.returned) OVER of_line AS came, sum(moved.sold) OVER of_line AS went
            FROM ({_HELD}) AS held FULL JOIN ({_MOVED}) AS moved USING (item_id, level_id)
            WINDOW of_line AS (PARTITION BY item_id)
        ) AS row
        WHERE coalesce(held, 0) IS DISTINCT FROM coalesce(ledger_reserved, 0)
              OR ledger_released > coalesce(given_back, 0) OR ledger_returned < given_back - ledger_released
              OR (held IS NULL AND ledger_sold > 0) OR came > went
              OR (held IS NULL AND NOT EXISTS (
                  SELECT 1 FROM inventory_stock_level AS level
                  JOIN inventory_stock_location AS location ON location.id = level.location_id
                  JOIN orders_order_item AS item ON item.id = row.item_id
                  WHERE level.id = row.level_id AND level.variant_id = item.variant_id
                        AND location.seller_id = item.seller_id
              ))
        """,
    ),
)
