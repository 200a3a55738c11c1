SELECT spike_take_of_all(:item::uuid, lpad(to_hex(:v::int), 32, '0')::uuid, :q, :actor::uuid) AS taken \gset
