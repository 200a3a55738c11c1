# ruff: noqa: S608 - every part of these statements is a constant of ours
"""Shipments against the lines they are of, orders against their shipments, and the numbers of documents."""

from orders.audit.check import Check
from orders.states import GOODS_LEFT, HAS_LEFT, IN_PROGRESS, JOURNEY, in_sql

# Per line: units that left, and units packed or gone.
_PACKED = f"""
    SELECT line.item_id,
           coalesce(sum(line.quantity) FILTER (WHERE shipment.status IN ({in_sql(HAS_LEFT)})), 0) AS gone,
           coalesce(sum(line.quantity) FILTER (WHERE shipment.status <> 'CANCELLED'), 0) AS packed
    FROM orders_shipment_item AS line JOIN orders_shipment AS shipment ON shipment.id = line.shipment_id
    GROUP BY line.item_id
"""
# Per order that has shipments: whether all that goes out has left, whether some of it is under way.
_JOURNEYS = """
    SELECT o.id AS order_id, o.number, o.status,
           (SELECT bool_and(item.shipped_quantity + item.cancelled_quantity = item.quantity)
            FROM orders_order_item AS item WHERE item.order_id = o.id) AS is_gone,
           EXISTS (SELECT FROM orders_shipment WHERE order_id = o.id AND status = 'SHIPPED') AS is_under_way
    FROM orders_order AS o
    WHERE EXISTS (SELECT FROM orders_shipment WHERE order_id = o.id AND status <> 'CANCELLED')
"""
_RANK = f"array_position(ARRAY[{in_sql(JOURNEY)}]::text[], sub_order.status::text)"
_NUMBERS = """
    SELECT id, order_id, number, split_part(number, '-', 1) AS series, split_part(number, '-', 2)::int AS year,
           split_part(number, '-', 3)::int AS place
    FROM (
        SELECT id, order_id, number FROM orders_invoice
        UNION ALL SELECT NULL, id, unnest(documents) FROM orders_archived_order
    ) AS document
"""

CHECKS = (
    Check(
        "shipped_units_are_in_shipments",
        "A line has shipped exactly what is in its shipments that left, and no more is packed than goes out.",
        f"""
        SELECT item.id AS item_id, item.order_id, item.quantity, item.shipped_quantity, item.cancelled_quantity,
               packed.gone, packed.packed
        FROM orders_order_item AS item LEFT JOIN ({_PACKED}) AS packed ON packed.item_id = item.id
        WHERE item.shipped_quantity <> coalesce(packed.gone, 0)
              OR coalesce(packed.packed, 0) > item.quantity - item.cancelled_quantity
        """,
    ),
    Check(
        "shipments_hold_what_was_sold_there",
        "A shipment holds lines of its own order, and no more of each than was sold from where it was packed.",
        """
        SELECT line.item_id, shipment.location_id, shipment.order_id, sum(line.quantity) AS packed,
               max(sold.units) AS sold
        FROM orders_shipment_item AS line
        JOIN orders_shipment AS shipment ON shipment.id = line.shipment_id AND shipment.status <> 'CANCELLED'
        JOIN orders_order_item AS item ON item.id = line.item_id
        LEFT JOIN (
            SELECT hold.item_id, level.location_id, sum(hold.quantity) AS units
            FROM orders_reservation AS hold JOIN inventory_stock_level AS level ON level.id = hold.level_id
            WHERE hold.status = 'converted' GROUP BY hold.item_id, level.location_id
        ) AS sold ON sold.item_id = line.item_id AND sold.location_id = shipment.location_id
        GROUP BY line.item_id, shipment.location_id, shipment.order_id, item.order_id
        HAVING shipment.order_id <> item.order_id OR sum(line.quantity) > coalesce(max(sold.units), 0)
        """,
    ),
    Check(
        "order_is_where_its_shipments_are",
        "An order with shipments is in progress until all has left, shipped until all has arrived, and then delivered.",
        f"""
        SELECT order_id, number, status, is_gone, is_under_way FROM ({_JOURNEYS}) AS journey
        WHERE NOT CASE WHEN NOT is_gone THEN status IN ({in_sql(IN_PROGRESS)})
                       WHEN is_under_way THEN status = 'SHIPPED' ELSE status = 'DELIVERED' END
        """,
    ),
    Check(
        "line_says_that_it_left",
        "A line of which all units left is no longer in progress.",
        f"""
        SELECT id AS item_id, order_id, quantity, shipped_quantity, cancelled_quantity, status FROM orders_order_item
        WHERE shipped_quantity > 0 AND shipped_quantity + cancelled_quantity = quantity
              AND status NOT IN ({in_sql(GOODS_LEFT)})
        """,
    ),
    Check(
        "parent_order_is_where_its_sub_orders_are",
        "A paid parent order waits for its slowest sub-order, and is in progress once the first has begun.",
        f"""
        SELECT parent.id AS order_id, parent.number, parent.status, going.slowest, going.fastest
        FROM (
            SELECT sub_order.parent_id, min({_RANK}) AS slowest, max({_RANK}) AS fastest,
                   bool_or(sub_order.status = 'CANCELLED') AS has_cancelled
            FROM orders_order AS sub_order WHERE sub_order.parent_id IS NOT NULL
            GROUP BY sub_order.parent_id HAVING min({_RANK}) IS NOT NULL
        ) AS going
        JOIN orders_order AS parent ON parent.id = going.parent_id
        WHERE parent.status <> (ARRAY[{in_sql(JOURNEY)}])[
            CASE WHEN slowest = 1 AND fastest > 1 THEN 2 ELSE slowest END]
              -- What had begun may be what was cancelled: the whole does not go back.
              AND NOT (parent.status = 'PROCESSING' AND fastest = 1 AND has_cancelled)
        """,
    ),
    Check(
        # From both sides: each document has the one before it, and the last number handed out has its document.
        "document_numbers_have_no_gap",
        "Invoices and credit notes of a year are numbered 1, 2, 3 … up to what their series has handed out.",
        f"""
        SELECT document.id AS invoice_id, document.order_id, document.number, counter.last_number
        FROM ({_NUMBERS}) AS document
        LEFT JOIN orders_invoice_series AS counter USING (series, year)
        WHERE place > coalesce(counter.last_number, 0)
              OR (place > 1 AND NOT EXISTS (
                  SELECT FROM ({_NUMBERS}) AS earlier
                  WHERE (earlier.series, earlier.year, earlier.place)
                        = (document.series, document.year, document.place - 1)))
        UNION ALL
        SELECT NULL, NULL, counter.series || '-' || counter.year, counter.last_number
        FROM orders_invoice_series AS counter
        WHERE counter.last_number > 0 AND NOT EXISTS (
            SELECT FROM ({_NUMBERS}) AS last
            WHERE (last.series, last.year, last.place) = (counter.series, counter.year, counter.last_number))
        """,
    ),
)
