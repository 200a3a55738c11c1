-- Once, on the leader: psql "host=10.0.0.1 user=postgres dbname=postgres" -f roles.sql
-- The password comes by the environment: an argument shows in ps, and stays in the shell's history.
\getenv password KONTOR_PASSWORD
-- pg_monitor: who sees the sessions of others can say which primary a replica follows (docs/operations.md).
CREATE ROLE kontor LOGIN PASSWORD :'password';
GRANT pg_monitor TO kontor;
CREATE DATABASE kontor OWNER kontor;
