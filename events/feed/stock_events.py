"""What the feed says of the stock ledger. `c` is the row of candidates (events/feed/sequencing_sql.py)."""

STOCK = """
SELECT c.serial, 0, m.id, 'stock.changed', 'stock_level', m.level_id, location.seller_id,
       jsonb_strip_nulls(jsonb_build_object(
           'level', m.level_id, 'variant', level.variant_id, 'location', level.location_id, 'kind', m.kind,
           'quantity', m.quantity, 'on_hand', m.on_hand_after, 'reserved', m.reserved_after,
           'available', m.on_hand_after - m.reserved_after, 'version', m.level_version, 'item', m.order_item_id
       )),
       m.created_at
FROM candidates AS c
JOIN inventory_stock_movement AS m ON m.id = c.id
JOIN inventory_stock_level AS level ON level.id = m.level_id
JOIN inventory_stock_location AS location ON location.id = level.location_id
WHERE c.source = 'stock_movement'
"""
