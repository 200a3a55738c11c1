"""The statements that put the rows of a file beside the records: set by set, not row by row."""

from collections.abc import Mapping
from dataclasses import dataclass

from exchange.models.data_import import Import, ImportMode
from exchange.resources.resource import ID, ImportResource, Key

# `row` are all rows of the file, so that a key is seen twice also where one of the two is not asked about.
_MATCHED = """
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
){link_tables}"""
_JOINED = "FROM row LEFT JOIN matched ON matched.id = row.id {link_joins} {record_join}"
# Rows about which nothing can be doubted, as most are, get what they found at once; the others are marked as faulty
# until somebody has looked at each. A row that stays as it is is not written.
SETTLE = (
    _MATCHED  # noqa: S608 - of our own words alone
    + """, judged AS (
    SELECT row.id, {is_plain} AS is_plain, CASE WHEN matched.matches = 1 THEN matched.pk::uuid END AS object_id,
           jsonb_strip_nulls(jsonb_build_object({found})) AS patch """
    + _JOINED
    + """
)
UPDATE exchange_import_row AS r
SET object_id = n.object_id, patch = n.patch, faults = '[]', is_faulty = NOT n.is_plain
FROM judged AS n
WHERE r.id = n.id AND (r.object_id, r.patch, r.faults, r.is_faulty)
      IS DISTINCT FROM (n.object_id, n.patch, '[]'::jsonb, NOT n.is_plain)
"""
)
MATCH_DOUBTFUL = (
    _MATCHED
    + """
SELECT jsonb_build_object(
    'id', row.id, 'number', row.number, 'key', row.key, 'links', row.links, 'pk', matched.pk,
    'matches', coalesce(matched.matches, 0),
    'same_key_count', CASE WHEN row.key = '' THEN 1 ELSE row.same_key_count END,
    'first_of_key', first_of_key, 'last_of_key', last_of_key,
    'has_errors', row.errors <> '[]', 'has_needs', row.needs <> '[]',
    'found', jsonb_build_object({counted})
){of_record}
"""
    + _JOINED
    + " WHERE row.is_faulty"
)
TALLY = """
SELECT count(*) FILTER (WHERE NOT is_faulty AND object_id IS NULL),
       count(*) FILTER (WHERE NOT is_faulty AND object_id IS NOT NULL), count(*) FILTER (WHERE is_faulty)
FROM exchange_import_row WHERE data_import_id = %s
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


@dataclass(frozen=True, slots=True)
class Matching:
    """`settle` gives the rows that are in order what they found and marks the others as faulty; `doubtful` reads those,
    with all that it takes to say what is wrong."""

    settle: str
    doubtful: str


def matching_statements(resource: ImportResource, key: Key, *, data_import: Import, sees_all: bool) -> Matching:
    """`sees_all`: the importer may change every record, so that none has to be asked about by itself."""
    aliases = {link.column: f"link_{place}" for place, link in enumerate(resource.links)}
    barred = {f"barred_{place}": f"coalesce({bar.when}, false)" for place, bar in enumerate(resource.barred)}
    of_record = "".join(
        f" || jsonb_build_object('{column}', coalesce(row.values->>'{column}', t.{column}::text))"
        for column in resource.cross_checked
    ) + "".join(f" || jsonb_build_object('{name}', {when})" for name, when in barred.items())
    link_tables = "".join(
        LINK_TABLE.format(
            alias=aliases[link.column], column=link.column, table=link.table, name_of=link.name_of, only=link.only
        )
        for link in resource.links
    )
    words = {
        "same": key.same,
        "match": key.match,
        "only": resource.only,
        "alike": key.alike,
        "table": resource.table,
        "link_tables": link_tables,
        "link_joins": " ".join(
            f"LEFT JOIN {alias} ON {alias}.name = lower(row.links->>'{column}')" for column, alias in aliases.items()
        ),
        "record_join": f"LEFT JOIN {resource.table} AS t ON t.id = matched.pk::uuid" if of_record else "",
    }
    is_plain = [
        _key_is_plain(key, data_import, sees_all),
        "row.errors = '[]'",
        *(f"NOT {when}" for when in barred.values()),
    ]
    is_plain += _links_are_plain(resource, aliases, data_import)
    # Values that must fit one another are looked at in Python alone.
    is_plain += ["false"] if resource.cross_checked else []
    return Matching(
        SETTLE.format(
            is_plain=" AND ".join(is_plain),
            found=", ".join(f"'{column}', {alias}.pk" for column, alias in aliases.items()),
            **words,
        ),
        MATCH_DOUBTFUL.format(
            counted=", ".join(
                f"'{column}', jsonb_build_array({alias}.matches, {alias}.pk)" for column, alias in aliases.items()
            ),
            of_record=of_record,
            **words,
        ),
    )


def _key_is_plain(key: Key, data_import: Import, sees_all: bool) -> str:
    """The key is there once, and finds the one record that the mode may change, or none where it may make one."""
    is_found = "matched.matches = 1" if sees_all and data_import.mode != ImportMode.CREATE else "false"
    is_new = "matched.matches IS NULL AND row.needs = '[]'"
    is_new = "false" if data_import.mode == ImportMode.UPDATE or key.name == ID else is_new
    return f"row.key <> '' AND row.same_key_count = 1 AND (coalesce({is_found}, false) OR {is_new})"


def _links_are_plain(resource: ImportResource, aliases: Mapping[str, str], data_import: Import) -> list[str]:
    """Each name is that of one record, or of one that the import makes."""
    return [
        f"(row.links->>'{link.column}' IS NULL OR coalesce({alias}.matches = 1, {is_made}))"
        for link, alias in ((link, aliases[link.column]) for link in resource.links)
        for is_made in [str(link.is_made and data_import.may_add_companies).lower()]
    ]
