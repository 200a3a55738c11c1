-- Who gets only some of its units must roll back before it waits, or two would wait for each other.
WITH picked AS MATERIALIZED (
    SELECT id FROM spike_unit
    WHERE level_id = lpad(to_hex(1000000 + :v::int), 32, '0')::uuid AND item_id IS NULL
    LIMIT :q FOR UPDATE SKIP LOCKED
), taken AS (
    UPDATE spike_unit AS unit SET item_id = :item::uuid FROM picked WHERE unit.id = picked.id RETURNING unit.id
), ledger AS (
    INSERT INTO spike_unit_movement
    SELECT uuidv7(), lpad(to_hex(1000000 + :v::int), 32, '0')::uuid, :q, :item::uuid, :actor::uuid, now()
    FROM taken HAVING count(*) = :q
)
SELECT (count(*) = :q)::int AS taken FROM taken \gset
