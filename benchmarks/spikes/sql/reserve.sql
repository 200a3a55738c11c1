INSERT INTO orders_reservation (id, item_id, level_id, quantity, status, expires_at, created_at, updated_at)
VALUES (uuidv7(), :item, lpad(to_hex(1000000 + :v::int), 32, '0')::uuid, :q, 'active', now() + interval '15 minutes',
        now(), now());
