"""The function behind the triggers of the history (shared/history/tracking.py makes them)."""

from django.db import migrations

# Runs once a statement, whatever its number of rows. The names of columns come as arguments: one function for all.
# OFFSET 0 keeps the subqueries apart: pulled up, each mention of a row's JSON made it anew, some hundred times a row.
FUNCTION = r"""
CREATE FUNCTION kontor_record_change() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $function$
DECLARE
    parent text := TG_ARGV[0];
    hidden text[] := string_to_array(TG_ARGV[1], ',');
    ignored text[] := string_to_array(TG_ARGV[2], ',');
    kept text[] := string_to_array(TG_ARGV[3], ',');
    signature text[] := regexp_match(right(current_query(), 250), '/\*kontor:([0-9a-f-]*):([^*]*)\*/\s*$');
    who uuid := nullif(signature[1], '')::uuid;
    part_of text := left(coalesce(signature[2], current_setting('application_name') || ' as ' || session_user), 200);
BEGIN
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO shared_record_change (at, actor_id, source, "table", record, operation, before, after)
        SELECT clock_timestamp(), who, part_of, TG_TABLE_NAME, coalesce(a ->> parent, a ->> 'id'), 'U',
               difference.before, difference.after
        FROM (
            SELECT to_jsonb(o) AS b, to_jsonb(n) AS a FROM old_rows o JOIN new_rows n ON n.id = o.id OFFSET 0
        ) AS pair
        CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(key, CASE WHEN key = ANY (hidden) AND b -> key <> 'null' THEN '"•••"' ELSE b -> key END)
                       AS before,
                   jsonb_object_agg(key, CASE WHEN key = ANY (hidden) AND a -> key <> 'null' THEN '"•••"' ELSE a -> key END)
                       AS after
            FROM jsonb_object_keys(a) AS key
            WHERE a -> key IS DISTINCT FROM b -> key AND key <> ALL (ignored) OR key = ANY (kept)
            HAVING bool_or(a -> key IS DISTINCT FROM b -> key AND key <> ALL (ignored))
        ) AS difference
        WHERE a <> b;
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO shared_record_change (at, actor_id, source, "table", record, operation, before, after)
        SELECT clock_timestamp(), who, part_of, TG_TABLE_NAME, coalesce(a ->> parent, a ->> 'id'), 'I', '{}',
               (SELECT coalesce(jsonb_object_agg(key, CASE WHEN key = ANY (hidden) THEN '"•••"' ELSE value END), '{}')
                FROM jsonb_each(a) WHERE value NOT IN ('null', '""', '{}', '[]') AND key <> ALL (ignored))
        FROM (SELECT to_jsonb(n) AS a FROM new_rows n OFFSET 0) AS added;
    ELSE
        INSERT INTO shared_record_change (at, actor_id, source, "table", record, operation, before, after)
        SELECT clock_timestamp(), who, part_of, TG_TABLE_NAME, coalesce(b ->> parent, b ->> 'id'), 'D',
               (SELECT coalesce(jsonb_object_agg(key, CASE WHEN key = ANY (hidden) THEN '"•••"' ELSE value END), '{}')
                FROM jsonb_each(b) WHERE value NOT IN ('null', '""', '{}', '[]') AND key <> ALL (ignored)),
               '{}'
        FROM (SELECT to_jsonb(o) AS b FROM old_rows o OFFSET 0) AS gone;
    END IF;
    RETURN NULL;
END
$function$
"""


class Migration(migrations.Migration):
    dependencies = [("shared", "0002_tables")]

    # CASCADE: the triggers go with it, wherever they are.
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION kontor_record_change() CASCADE")]
