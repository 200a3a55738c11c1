SELECT spike_take_waiting(:item::uuid, lpad(to_hex(1000000 + :v::int), 32, '0')::uuid, :q, :actor::uuid) AS taken \gset
