-- An order of one line of :q units of variant :v, up to where its stock is locked: as benchmarks/sql/place_one.sql,
-- but the reservation, for which the level must be known.
\set customer random(1, :customers)
\set key random(1, 9000000000000000000)
BEGIN;
INSERT INTO orders_idempotency_key (order_id, principal_id, key, fingerprint, created_at)
VALUES (uuidv7(), :principal, 'spike-' || :key, repeat('0', 64), now())
ON CONFLICT (principal_id, key) DO NOTHING
RETURNING order_id, uuidv7() AS item \gset
INSERT INTO orders_order (id, number, customer_id, customer_name, customer_email, status, payment_status, currency,
                          subtotal, discount_total, tax_total, shipping_total, total, note, cancel_reason,
                          payment_expires_at, version, created_at, updated_at)
VALUES (:order_id, nextval('orders_order_number_seq')::text, lpad(to_hex(2000000 + :customer::int), 32, '0')::uuid,
        'Customer ' || :customer, 'customer' || :customer || '@example.com', 'PENDING', 'PENDING', 'USD',
        :q * :price::numeric, 0, :q * :tax::numeric, 0, :q * (:price::numeric + :tax::numeric), '', '',
        now() + interval '15 minutes', 1, now(), now());
INSERT INTO orders_order_item (id, order_id, position, variant_id, seller_id, sku, name, quantity, unit_price, tax_rate,
                               total_price, tax_amount, refunded_quantity, status, listed_at)
VALUES (:item, :order_id, 1, lpad(to_hex(:v::int), 32, '0')::uuid, :seller, 'BENCH-' || :v, 'Measured', :q,
        :price::numeric, :rate::numeric, :q * :price::numeric, :q * :tax::numeric, 0, 'PENDING', now());
INSERT INTO orders_order_event (id, order_id, kind, from_status, to_status, actor_id, reason, created_at)
VALUES (uuidv7(), :order_id, 'placed', '', 'PENDING', :actor, '', now());
