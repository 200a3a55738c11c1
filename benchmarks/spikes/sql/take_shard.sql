-- One statement takes a shard that is free, else waits for one; both at random. A row that is locked but turns out too
-- low stays locked, so who got nothing must roll back before it locks all shards in order.
WITH free AS MATERIALIZED (
    SELECT id FROM inventory_stock_level
    WHERE variant_id = lpad(to_hex(:v::int), 32, '0')::uuid AND on_hand - reserved >= :q
    ORDER BY random() LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
), picked AS MATERIALIZED (
    SELECT id FROM free
    UNION ALL (
        SELECT id FROM inventory_stock_level
        WHERE variant_id = lpad(to_hex(:v::int), 32, '0')::uuid AND on_hand - reserved >= :q
              AND NOT EXISTS (SELECT FROM free)
        ORDER BY random() LIMIT 1
    )
), level AS (
    UPDATE inventory_stock_level AS level SET reserved = reserved + :q, version = version + 1, updated_at = now()
    FROM picked WHERE level.id = picked.id AND on_hand - reserved >= :q
    RETURNING level.id, on_hand, reserved, version
), ledger AS (
    INSERT INTO inventory_stock_movement (id, level_id, level_version, kind, quantity, on_hand_after, reserved_after,
                                        order_item_id, actor_id, reason, created_at)
    SELECT uuidv7(), id, version, 'reserve', :q, on_hand, reserved, :item::uuid, :actor::uuid, '', now() FROM level
), hold AS (
    INSERT INTO orders_reservation (id, item_id, level_id, quantity, status, expires_at, created_at, updated_at)
    SELECT uuidv7(), :item::uuid, id, :q, 'active', now() + interval '15 minutes', now(), now() FROM level
)
SELECT count(*) AS taken FROM level \gset
