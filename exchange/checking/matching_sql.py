"""The statements that put the rows of a file beside the records: set by set, not row by row."""

MATCH = """
WITH row AS (
    SELECT r.*, count(*) OVER (PARTITION BY {same}) AS same_key_count,
           min(r.number) OVER (PARTITION BY {same}) AS first_of_key,
           max(r.number) OVER (PARTITION BY {same}) AS last_of_key
    FROM exchange_import_row AS r WHERE r.data_import_id = %(import_id)s
), found AS (
    SELECT r.id, count(*) AS matches, min(t.id::text) AS pk,
           count(*) FILTER (WHERE {alike}) AS alike, min(t.id::text) FILTER (WHERE {alike}) AS alike_pk
    FROM exchange_import_row AS r JOIN {table} AS t ON {match} AND {only}
    WHERE r.data_import_id = %(import_id)s AND r.key <> '' GROUP BY r.id
), matched AS (
    SELECT id, CASE WHEN alike = 1 THEN 1 ELSE matches END AS matches,
           CASE WHEN alike = 1 THEN alike_pk ELSE pk END AS pk FROM found
){link_tables}
SELECT jsonb_build_object(
    'id', row.id, 'number', row.number, 'key', row.key, 'links', row.links, 'pk', matched.pk,
    'matches', coalesce(matched.matches, 0),
    'same_key_count', CASE WHEN row.key = '' THEN 1 ELSE row.same_key_count END,
    'first_of_key', first_of_key, 'last_of_key', last_of_key,
    'has_errors', row.errors <> '[]', 'has_needs', row.needs <> '[]',
    'found', jsonb_build_object({found})
){of_record}
FROM row LEFT JOIN matched ON matched.id = row.id {link_joins} {record_join}
"""
LINK_TABLE = """, {alias} AS (
    SELECT named.name, count(*) AS matches, min(t.id::text) AS pk
    FROM (SELECT DISTINCT lower(links->>'{column}') AS name FROM row WHERE links->>'{column}' IS NOT NULL) AS named
    JOIN {table} AS t ON lower({name_of}) = named.name AND {only} GROUP BY named.name
)"""
OF_DELETED = """
SELECT count(DISTINCT r.id) FROM exchange_import_row AS r JOIN {table} AS t ON {match} AND NOT ({only})
WHERE r.data_import_id = %s AND r.key <> '' AND r.object_id IS NULL AND NOT r.is_faulty
"""
SAVE = """
UPDATE exchange_import_row AS r
SET object_id = n.object_id, patch = n.patch, faults = n.faults, is_faulty = n.is_faulty
FROM json_to_recordset(%s::json) AS n (id uuid, object_id uuid, patch jsonb, faults jsonb, is_faulty bool)
WHERE r.id = n.id
"""
