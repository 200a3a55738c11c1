\if :taken = 1
COMMIT;
\else
-- Nothing was committed since all shards were locked: what is left is what the refusal rests on.
SELECT sum(on_hand - reserved) AS left FROM inventory_stock_level WHERE variant_id = lpad(to_hex(:v::int), 32, '0')::uuid \gset
ROLLBACK;
INSERT INTO spike_refusal VALUES (:q, :left);
\endif
