"""The two roles of the embedded server, and the way there from a cluster with one.

`postgres` may do everything and is for whoever looks after the server; `kontor`, as which Kontor connects, owns its
databases and no more. Clusters made before there were two had `kontor` alone, a superuser that PostgreSQL lets nobody
demote: it is renamed, and what it owned is given to a new `kontor`.

Done in single-user mode, before anybody can connect. Each step may be cut off and is then done again.
"""

import re
from collections.abc import Callable

SUPERUSER = "postgres"
DATABASE_USER = "kontor"
# Of a restored database of Kontor's: until when it has everything. Kontor sells nothing while it is there.
RESTORED_SETTING = "kontor.restored_until"
READ_SETTING = """
SELECT split_part(line, '=', 2) FROM pg_db_role_setting, unnest(setconfig) AS line
WHERE setrole = 0 AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND split_part(line, '=', 1) = %s
"""
MARK = "KONTOR_ROLES"  # in the data folder, once all is done
_DONE = "kontor: done"

# An owner may drop triggers and foreign keys; that it may also put them to sleep gives it no more in its databases.
# The predefined roles show activity, end sessions that are no superuser's (DROP DATABASE … FORCE), and checkpoint.
_ROLES = """
DO $do$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE oid = 10 AND rolname = 'kontor') THEN
        CREATE ROLE kontor_renames SUPERUSER;
        SET SESSION AUTHORIZATION kontor_renames;
        ALTER ROLE kontor RENAME TO postgres;
        SET SESSION AUTHORIZATION postgres;
        DROP ROLE kontor_renames;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kontor') THEN
        CREATE ROLE kontor LOGIN CREATEDB;
    END IF;
    GRANT pg_monitor, pg_signal_backend, pg_signal_autovacuum_worker, pg_checkpoint TO kontor;
    GRANT SET ON PARAMETER session_replication_role TO kontor;
    RAISE LOG 'kontor: %', 'done';
END $do$;
"""
# Single-user mode prints rows for debugging, so names go to the log: in hex, as they may hold anything.
_DATABASES = """
DO $do$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT datname FROM pg_database WHERE datname NOT IN ('template0', 'template1', 'postgres') LOOP
        RAISE LOG 'kontor: database %', encode(convert_to(name, 'UTF8'), 'hex');
    END LOOP;
    RAISE LOG 'kontor: %', 'done';
END $do$;
"""
_FOUND = re.compile(r"kontor: database ([0-9a-f]+)")
# Indexes, sequences of columns, types of rows and arrays follow what they belong to; an extension keeps its own.
_OWNERS = """
DO $do$
DECLARE
    change text;
BEGIN
    FOR change IN
        SELECT format('ALTER %s %s OWNER TO kontor',
            CASE named.type WHEN 'composite type' THEN 'TYPE' WHEN 'statistics object' THEN 'STATISTICS'
                ELSE upper(named.type) END, named.identity)
        FROM (
            SELECT 'pg_namespace'::regclass AS catalog, oid FROM pg_namespace WHERE nspowner = 10
            UNION ALL SELECT 'pg_class'::regclass, oid FROM pg_class
                WHERE relowner = 10 AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
            UNION ALL SELECT 'pg_type'::regclass, t.oid FROM pg_type AS t LEFT JOIN pg_class AS c ON c.oid = typrelid
                WHERE typowner = 10 AND (typtype IN ('d', 'e', 'r') OR relkind = 'c')
            UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc WHERE proowner = 10
            UNION ALL SELECT 'pg_collation'::regclass, oid FROM pg_collation WHERE collowner = 10
            UNION ALL SELECT 'pg_statistic_ext'::regclass, oid FROM pg_statistic_ext WHERE stxowner = 10
            UNION ALL SELECT 'pg_ts_config'::regclass, oid FROM pg_ts_config WHERE cfgowner = 10
            UNION ALL SELECT 'pg_ts_dict'::regclass, oid FROM pg_ts_dict WHERE dictowner = 10
        ) AS owned, pg_identify_object(owned.catalog, owned.oid, 0) AS named
        WHERE owned.oid >= 16384 AND NOT EXISTS (
            SELECT FROM pg_depend WHERE classid = owned.catalog AND objid = owned.oid AND deptype IN ('a', 'e', 'i')
                AND (deptype = 'e' OR owned.catalog = 'pg_class'::regclass AND refobjsubid > 0))
    LOOP
        EXECUTE change;
    END LOOP;
    EXECUTE format('ALTER DATABASE %I OWNER TO kontor', current_database());
    RAISE LOG 'kontor: %', 'done';
END $do$;
"""


def settle_roles(run_alone: Callable[[str, str], str]) -> str:
    """Make the two roles and give what there is to `kontor`; returns PostgreSQL's words where it failed, else nothing.

    `run_alone` runs a statement in a database in single-user mode and returns what that printed.
    """
    for statement in (_ROLES, _DATABASES):
        words = run_alone("template1", statement)
        if _DONE not in words:
            return words
    for name in _FOUND.findall(words):
        words = run_alone(bytes.fromhex(name).decode(), _OWNERS)
        if _DONE not in words:
            return words
    return ""
