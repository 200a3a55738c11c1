-- :n orders of one unit of variant :v in one statement that commits itself. Parts that nothing reads from run last, so
-- the level is made to wait for all the others: it is locked as late as possible. The planner must not see :n, or it
-- plans anew every time.
\set customer random(1, :customers)
\set key random(1, 9000000000000000000)
WITH claim AS (
    INSERT INTO orders_idempotency_key (order_id, principal_id, key, fingerprint, created_at)
    SELECT uuidv7(), :principal, 'spike-' || :key || '-' || n, repeat('0', 64), now()
    FROM generate_series(1, (SELECT :n::int)) AS n
    ON CONFLICT (principal_id, key) DO NOTHING
    RETURNING order_id
),
line AS MATERIALIZED (SELECT order_id, uuidv7() AS item, row_number() OVER () AS place FROM claim),
placed AS (
    INSERT INTO orders_order (id, number, customer_id, customer_name, customer_email, status, payment_status, currency,
                              subtotal, discount_total, tax_total, shipping_total, total, note, cancel_reason,
                              payment_expires_at, version, created_at, updated_at)
    SELECT order_id, nextval('orders_order_number_seq')::text, lpad(to_hex(2000000 + :customer::int), 32, '0')::uuid,
           'Customer ' || :customer, 'customer' || :customer || '@example.com', 'PENDING', 'PENDING', 'USD',
           :price::numeric, 0, :tax::numeric, 0, :price::numeric + :tax::numeric, '', '',
           now() + interval '15 minutes', 1, now(), now()
    FROM line RETURNING 1
),
item AS (
    INSERT INTO orders_order_item (id, order_id, position, variant_id, seller_id, sku, name, quantity, unit_price,
                                   tax_rate, total_price, tax_amount, refunded_quantity, status, listed_at)
    SELECT item, order_id, 1, lpad(to_hex(:v::int), 32, '0')::uuid, :seller::uuid, 'BENCH-' || :v, 'Measured', 1,
           :price::numeric, :rate::numeric, :price::numeric, :tax::numeric, 0, 'PENDING', now()
    FROM line RETURNING 1
),
hold AS (
    INSERT INTO orders_reservation (id, item_id, level_id, quantity, status, expires_at, created_at, updated_at)
    SELECT uuidv7(), item, lpad(to_hex(1000000 + :v::int), 32, '0')::uuid, 1, 'active',
           now() + interval '15 minutes', now(), now()
    FROM line RETURNING 1
),
event AS (
    INSERT INTO orders_order_event (id, order_id, kind, from_status, to_status, actor_id, reason, created_at)
    SELECT uuidv7(), order_id, 'placed', '', 'PENDING', :actor::uuid, '', now()
    FROM line RETURNING 1
),
written AS MATERIALIZED (
    SELECT (SELECT count(*) FROM placed) + (SELECT count(*) FROM item) + (SELECT count(*) FROM hold)
           + (SELECT count(*) FROM event) AS rows, (SELECT count(*) FROM line) AS orders
),
level AS (
    UPDATE inventory_stock_level SET reserved = reserved + orders, version = version + orders, updated_at = now()
    FROM written
    WHERE rows = 4 * orders AND id = lpad(to_hex(1000000 + :v::int), 32, '0')::uuid
    RETURNING id, on_hand, reserved - orders AS reserved, version - orders AS version
)
INSERT INTO inventory_stock_movement (id, level_id, level_version, kind, quantity, on_hand_after, reserved_after,
                                    order_item_id, actor_id, reason, created_at)
SELECT uuidv7(), level.id, version + place, 'reserve', 1, on_hand, reserved + place, item, :actor::uuid, '', now()
FROM level, line;
