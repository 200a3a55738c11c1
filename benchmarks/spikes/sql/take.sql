-- Lock, check (the level's constraint refuses), write level and ledger: one statement.
WITH level AS (
    UPDATE inventory_stock_level SET reserved = reserved + :q, version = version + 1, updated_at = now()
    WHERE id = lpad(to_hex(1000000 + :v::int), 32, '0')::uuid
    RETURNING id, on_hand, reserved, version
)
INSERT INTO inventory_stock_movement (id, level_id, level_version, kind, quantity, on_hand_after, reserved_after,
                                    order_item_id, actor_id, reason, created_at)
SELECT uuidv7(), id, version, 'reserve', :q, on_hand, reserved, :item::uuid, :actor, '', now() FROM level;
