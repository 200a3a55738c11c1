\if :taken = 1
COMMIT;
\else
-- What was left for this order: the units it took before it saw that they are too few, and any that are free.
SELECT count(*) AS left FROM spike_unit
WHERE level_id = lpad(to_hex(1000000 + :v::int), 32, '0')::uuid AND (item_id IS NULL OR item_id = :item::uuid) \gset
ROLLBACK;
INSERT INTO spike_refusal VALUES (:q, :left);
\endif
