"""The history of records, and the function behind its triggers (which shared/history/tracking.py makes)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Runs once a statement, whatever its number of rows. The names of columns come as arguments: one function for all.
FUNCTION = r"""
CREATE FUNCTION kontor_record_change() RETURNS trigger LANGUAGE plpgsql AS $function$
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
            SELECT to_jsonb(o) AS b, to_jsonb(n) AS a FROM old_rows o JOIN new_rows n ON n.id = o.id
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
        FROM (SELECT to_jsonb(n) AS a FROM new_rows n) AS added;
    ELSE
        INSERT INTO shared_record_change (at, actor_id, source, "table", record, operation, before, after)
        SELECT clock_timestamp(), who, part_of, TG_TABLE_NAME, coalesce(b ->> parent, b ->> 'id'), 'D',
               (SELECT coalesce(jsonb_object_agg(key, CASE WHEN key = ANY (hidden) THEN '"•••"' ELSE value END), '{}')
                FROM jsonb_each(b) WHERE value NOT IN ('null', '""', '{}', '[]') AND key <> ALL (ignored)),
               '{}'
        FROM (SELECT to_jsonb(o) AS b FROM old_rows o) AS gone;
    END IF;
    RETURN NULL;
END
$function$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("shared", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RecordChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(editable=False, verbose_name="when")),
                (
                    "source",
                    models.CharField(
                        help_text="The request, command or other program.", max_length=200, verbose_name="part of"
                    ),
                ),
                ("table", models.CharField(max_length=63)),
                (
                    "record",
                    models.CharField(
                        help_text="The key of the record whose history this is part of.", max_length=64
                    ),
                ),
                (
                    "operation",
                    models.CharField(
                        choices=[("I", "Added"), ("U", "Changed"), ("D", "Deleted")], max_length=1, verbose_name="what"
                    ),
                ),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                (
                    "actor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "verbose_name": "change",
                "db_table": "shared_record_change",
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(fields=["record", "-at", "-id"], name="record_change_record"),
                    models.Index(fields=["-at", "-id"], name="record_change_at"),
                    models.Index(fields=["actor", "-at", "-id"], name="record_change_actor"),
                    models.Index(fields=["table", "-at", "-id"], name="record_change_table"),
                ],
            },
        ),
        # CASCADE: the triggers go with it, wherever they are.
        migrations.RunSQL(FUNCTION, "DROP FUNCTION kontor_record_change() CASCADE"),
    ]
