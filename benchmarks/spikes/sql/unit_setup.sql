-- One row a unit. The ledger has no version and no balances: both would be one hot row again.
CREATE TABLE spike_unit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    level_id uuid NOT NULL REFERENCES inventory_stock_level,
    item_id uuid
);
CREATE INDEX ON spike_unit (level_id, id) WHERE item_id IS NULL;
CREATE INDEX ON spike_unit (item_id) WHERE item_id IS NOT NULL;
CREATE TABLE spike_unit_movement (
    id uuid PRIMARY KEY,
    level_id uuid NOT NULL REFERENCES inventory_stock_level,
    quantity int NOT NULL,
    order_item_id uuid NOT NULL,
    actor_id uuid NOT NULL,
    created_at timestamptz NOT NULL
);

-- Without SKIP LOCKED: units of others that are not committed are waited for, so none that stays free is overlooked.
CREATE FUNCTION spike_take_waiting(taker uuid, level uuid, wanted int, who uuid) RETURNS int
LANGUAGE plpgsql AS $$
BEGIN
    WITH picked AS MATERIALIZED (
        SELECT id FROM spike_unit WHERE level_id = level AND item_id IS NULL ORDER BY id LIMIT wanted FOR UPDATE
    )
    UPDATE spike_unit AS unit SET item_id = taker FROM picked WHERE unit.id = picked.id;
    IF (SELECT count(*) FROM spike_unit WHERE item_id = taker) < wanted THEN
        RETURN 0;
    END IF;
    INSERT INTO spike_unit_movement VALUES (uuidv7(), level, wanted, taker, who, now());
    RETURN 1;
END $$;
