"""Letters that are no other with a mark, as people type them who do not have them: æ is ae, þ is th. Indexes of words
that are there already are built anew beside the shop's work; those made later are right from the start.

Until its index is done, a row that has such a letter is found by its other words alone.
"""

from typing import Any

from django.db import migrations

_PLAIN = r"""
CREATE OR REPLACE FUNCTION kontor_plain(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE WHEN octet_length($1) = length($1) THEN lower($1) ELSE
    {}translate(normalize(regexp_replace(
        normalize(kontor_fold($1), NFD), '[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u064b-\u065f\u0670]', '', 'g'
    ), NFC), {}
END
"""
_NOW = _PLAIN.format("replace(replace(replace(", "'łøđðħŧŋ', 'loddhtn'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th')")
_BEFORE = _PLAIN.format("", "'łøđħŧ', 'lodht')")

# Not by name: of a table in partitions each has its own.
_OF_WORDS = """
SELECT index.relname FROM pg_depend
    JOIN pg_class AS index ON index.oid = objid
    JOIN pg_index ON indexrelid = objid AND indisvalid -- and not what a run that was cut off left beside it
WHERE classid = 'pg_class'::regclass AND refobjid = 'kontor_words(text, text)'::regprocedure AND index.relkind = 'i'
ORDER BY index.relname
"""


def build_anew(_apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_OF_WORDS)
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        schema_editor.execute(f'REINDEX INDEX CONCURRENTLY "{name}"')


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shared", "0011_history_of_moved_rows")]

    operations = [
        # Backwards from the last: the indexes are built by what the function was.
        migrations.RunPython(migrations.RunPython.noop, build_anew),
        migrations.RunSQL(_NOW, _BEFORE),
        migrations.RunPython(build_anew, migrations.RunPython.noop),
    ]
