-- Shards of a variant's level are levels of their own at hidden locations of one seller (the runner makes them), so
-- that ledger, constraints and audit hold for each.
CREATE TABLE spike_refusal (quantity int NOT NULL, available bigint NOT NULL);

-- Take :quantity units of the shards that come first with all of them locked in order; false when there are not so many.
CREATE FUNCTION spike_take_of_all(taker uuid, wanted_variant uuid, wanted int, who uuid) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
    level inventory_stock_level;
    missing int := wanted;
    part int;
BEGIN
    PERFORM 1 FROM inventory_stock_level WHERE variant_id = wanted_variant ORDER BY id FOR NO KEY UPDATE;
    -- A new statement, so a new snapshot: it sees what those we waited for have written.
    IF (SELECT sum(on_hand - reserved) FROM inventory_stock_level WHERE variant_id = wanted_variant) < wanted THEN
        RETURN 0;
    END IF;
    FOR level IN SELECT * FROM inventory_stock_level WHERE variant_id = wanted_variant AND on_hand > reserved ORDER BY id
    LOOP
        part := least(missing, level.on_hand - level.reserved);
        UPDATE inventory_stock_level SET reserved = reserved + part, version = version + 1, updated_at = now()
        WHERE id = level.id;
        INSERT INTO inventory_stock_movement (id, level_id, level_version, kind, quantity, on_hand_after, reserved_after,
                                            order_item_id, actor_id, reason, created_at)
        VALUES (uuidv7(), level.id, level.version + 1, 'reserve', part, level.on_hand, level.reserved + part,
                taker, who, '', now());
        INSERT INTO orders_reservation (id, item_id, level_id, quantity, status, expires_at, created_at, updated_at)
        VALUES (uuidv7(), taker, level.id, part, 'active', now() + interval '15 minutes', now(), now());
        missing := missing - part;
        EXIT WHEN missing = 0;
    END LOOP;
    RETURN 1;
END $$;
