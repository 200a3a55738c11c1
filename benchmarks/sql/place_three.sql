-- An order of three lines as plain SQL, ten round trips: what Kontor's placing does, without Kontor.
-- Ids are small integers written as UUIDs (benchmarks/shop.py).
\set a random(1, :variants)
\set b 1 + (:a - 1 + random(1, 59)) % :variants
\set c 1 + (:a - 1 + random(60, :variants - 1)) % :variants
\set customer random(1, :customers)
\set key random(1, 9000000000000000000)
BEGIN;
INSERT INTO orders_idempotency_key (order_id, principal_id, key, fingerprint, created_at)
VALUES (uuidv7(), :principal, 'raw-' || :key, repeat('0', 64), now())
ON CONFLICT (principal_id, key) DO NOTHING
RETURNING order_id, uuidv7() AS item_a, uuidv7() AS item_b, uuidv7() AS item_c \gset
INSERT INTO orders_order (id, number, customer_id, customer_name, customer_email, status, payment_status, currency,
                          subtotal, discount_total, tax_total, shipping_total, total, note, cancel_reason,
                          payment_expires_at, version, created_at, updated_at)
VALUES (:order_id, nextval('orders_order_number_seq')::text, lpad(to_hex(2000000 + :customer::int), 32, '0')::uuid,
        'Customer ' || :customer, 'customer' || :customer || '@example.com', 'PENDING', 'PENDING', 'USD',
        3 * :price::numeric, 0, 3 * :tax::numeric, 0, 3 * (:price::numeric + :tax::numeric), '', '',
        now() + interval '15 minutes', 1, now(), now());
INSERT INTO orders_order_item (id, order_id, position, variant_id, seller_id, sku, name, quantity, unit_price, tax_rate,
                               total_price, tax_amount, refunded_quantity, status, listed_at)
VALUES
    (:item_a, :order_id, 1, lpad(to_hex(:a::int), 32, '0')::uuid, :seller, 'BENCH-' || :a, 'Measured', 1,
     :price::numeric, :rate::numeric, :price::numeric, :tax::numeric, 0, 'PENDING', now()),
    (:item_b, :order_id, 2, lpad(to_hex(:b::int), 32, '0')::uuid, :seller, 'BENCH-' || :b, 'Measured', 1,
     :price::numeric, :rate::numeric, :price::numeric, :tax::numeric, 0, 'PENDING', NULL),
    (:item_c, :order_id, 3, lpad(to_hex(:c::int), 32, '0')::uuid, :seller, 'BENCH-' || :c, 'Measured', 1,
     :price::numeric, :rate::numeric, :price::numeric, :tax::numeric, 0, 'PENDING', NULL);
INSERT INTO orders_reservation (id, item_id, level_id, quantity, status, expires_at, created_at, updated_at)
VALUES
    (uuidv7(), :item_a, lpad(to_hex(1000000 + :a::int), 32, '0')::uuid, 1, 'active', now() + interval '15 minutes', now(), now()),
    (uuidv7(), :item_b, lpad(to_hex(1000000 + :b::int), 32, '0')::uuid, 1, 'active', now() + interval '15 minutes', now(), now()),
    (uuidv7(), :item_c, lpad(to_hex(1000000 + :c::int), 32, '0')::uuid, 1, 'active', now() + interval '15 minutes', now(), now());
INSERT INTO orders_order_event (id, order_id, kind, from_status, to_status, actor_id, reason, created_at)
VALUES (uuidv7(), :order_id, 'placed', '', 'PENDING', :actor, '', now());
SELECT id, on_hand, reserved, version FROM inventory_stock_level
WHERE id IN (lpad(to_hex(1000000 + :a::int), 32, '0')::uuid, lpad(to_hex(1000000 + :b::int), 32, '0')::uuid,
             lpad(to_hex(1000000 + :c::int), 32, '0')::uuid)
ORDER BY id FOR NO KEY UPDATE;
UPDATE inventory_stock_level SET reserved = reserved + 1, version = version + 1, updated_at = now()
WHERE id IN (lpad(to_hex(1000000 + :a::int), 32, '0')::uuid, lpad(to_hex(1000000 + :b::int), 32, '0')::uuid,
             lpad(to_hex(1000000 + :c::int), 32, '0')::uuid);
INSERT INTO inventory_stock_movement (id, level_id, level_version, kind, quantity, on_hand_after, reserved_after,
                                    order_item_id, actor_id, reason, created_at)
SELECT uuidv7(), level.id, level.version, 'reserve', 1, level.on_hand, level.reserved, line.item, :actor, '', now()
FROM (VALUES (lpad(to_hex(1000000 + :a::int), 32, '0')::uuid, :item_a::uuid),
             (lpad(to_hex(1000000 + :b::int), 32, '0')::uuid, :item_b::uuid),
             (lpad(to_hex(1000000 + :c::int), 32, '0')::uuid, :item_c::uuid)) AS line (level, item)
JOIN inventory_stock_level AS level ON level.id = line.level;
COMMIT;
