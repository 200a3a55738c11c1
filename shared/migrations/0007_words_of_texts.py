"""The words of a row, as searches know them: shared.planner.words. In SQL, so that an index can hold them.

Written with RETURN: what they call is bound when they are made, as an index is built with an empty search path.
"""

from django.db import migrations

# Of a text that is ASCII nothing but the case can differ, and most are. A name of 200 letters may fold to thousands;
# a word of a tsvector has 2,046 bytes at most, and 500 letters are never more.
_PLAIN = r"""
CREATE OR REPLACE FUNCTION kontor_plain(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE WHEN octet_length($1) = length($1) THEN lower($1) ELSE
    translate(normalize(regexp_replace(
        normalize(kontor_fold($1), NFD), '[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u064b-\u065f\u0670]', '', 'g'
    ), NFC), 'łøđħŧ', 'lodht')
END
"""

_SPLIT = r"""
CREATE OR REPLACE FUNCTION kontor_split(text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN array_remove(regexp_split_to_array(
    left($1, 500), '[\x01-\x2f\x3a-\x60\x7b-\xbf\xd7\xf7\u02b9-\u02bf\u2000-\u206f\u3000-\u303f]+'
), '')
"""

# O'Brien is o, brien and obrien; a telephone number its digits from behind, after a mark of their own.
_WORDS = r"""
CREATE OR REPLACE FUNCTION kontor_words(text, text DEFAULT '') RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN array_to_tsvector(array_remove(
    kontor_split(kontor_plain($1))
    || CASE WHEN $1 ~ '[''’ʼ-]' THEN kontor_split(translate(kontor_plain($1), '''’ʼ-', '')) ELSE '{}' END
    || CASE WHEN $2 = '' THEN '{}' ELSE ARRAY['~' || reverse(regexp_replace($2, '[^0-9]', '', 'g'))] END,
    ''
))
"""


class Migration(migrations.Migration):
    dependencies = [("shared", "0006_record_change_feed_index")]

    operations = [
        migrations.RunSQL(_PLAIN, "DROP FUNCTION kontor_plain(text)"),
        migrations.RunSQL(_SPLIT, "DROP FUNCTION kontor_split(text)"),
        migrations.RunSQL(_WORDS, "DROP FUNCTION kontor_words(text, text)"),
    ]
