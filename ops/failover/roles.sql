-- Once, on the leader: psql "host=10.0.0.1 user=postgres dbname=postgres" -v password=… -f roles.sql
-- pg_monitor: who sees the sessions of others can say which primary a replica follows (docs/operations.md).
CREATE ROLE kontor LOGIN PASSWORD :'password';
GRANT pg_monitor TO kontor;
CREATE DATABASE kontor OWNER kontor;
