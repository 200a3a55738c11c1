"""How names are compared: shared.planner.folding. In SQL, so that an index can hold it and a plan sees through it."""

from django.db import migrations

# normalize() is there from PostgreSQL 13 on, for databases in UTF-8. İ goes first: lower() may make two letters of it.
_FOLD = """
CREATE OR REPLACE FUNCTION kontor_fold(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT translate(replace(lower(replace(normalize($1, NFKC), 'İ', 'i')), 'ß', 'ss'), 'ςı', 'σi')
$$
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [migrations.RunSQL(_FOLD, "DROP FUNCTION kontor_fold(text)")]
