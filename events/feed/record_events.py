"""What the feed says of the history of records. `c` is the row of candidates (events/feed/sequencing_sql.py).

Which columns changed is said, and what they hold is not: whoever needs it reads the record, with their own rights.
"""

from collections.abc import Mapping
from typing import Final

# table: the record whose event a change of its rows is
OWN_TABLES: Final = {
    "users_customer": "customer",
    "users_company": "company",
    "catalog_product": "product",
    "catalog_variant": "variant",
    "crm_lead": "lead",
    "crm_deal": "deal",
    "crm_task": "task",
}
# table: the same for rows that are part of a record
PART_TABLES: Final = {"users_customer_tag": "customer", "crm_deal_line": "deal", "catalog_picture": "product"}

_ALL = {**OWN_TABLES, **PART_TABLES}
TABLES: Final = ", ".join(f"'{table}'" for table in _ALL)


def _case(subject: str, results: Mapping[str, str]) -> str:
    whens = " ".join(f"WHEN '{value}' THEN '{result}'" for value, result in results.items())
    return f"CASE {subject} {whens} END"


_AGGREGATE = _case('r."table"', _ALL)
_OWN_TABLE = _case("own.name", {name: table for table, name in OWN_TABLES.items()})

# Of one change the first that is true.
_VERB = f"""
CASE
    WHEN r."table" IN ({", ".join(f"'{table}'" for table in PART_TABLES)}) THEN 'updated'
    WHEN r.operation = 'I' THEN 'created'
    WHEN r.operation = 'D' AND merged.into_id IS NOT NULL THEN 'merged'
    WHEN r.operation = 'D' THEN 'deleted'
    -- The erasure has emptied all history of the person, its own change included: the last one is it.
    WHEN r."table" = 'users_customer' AND (r.after ->> 'erased_at' IS NOT NULL OR r.after = '{{}}' AND NOT EXISTS (
        SELECT FROM shared_record_change AS later
        WHERE later.record = r.record AND later."table" = 'users_customer' AND later.feed_serial > r.feed_serial
    ) AND EXISTS (
        SELECT FROM users_customer AS person WHERE person.id = r.record::uuid AND person.erased_at IS NOT NULL
    )) THEN 'erased'
    WHEN r."table" = 'users_customer' AND r.after ->> 'deleted_at' IS NOT NULL THEN 'deleted'
    WHEN r."table" = 'users_customer' AND r.after ? 'deleted_at' THEN 'restored'
    WHEN r."table" = 'crm_lead' AND r.after ->> 'status' = 'converted' THEN 'converted'
    WHEN r."table" = 'crm_deal' AND r.after ->> 'status' IN ('won', 'lost') THEN r.after ->> 'status'
    WHEN r."table" = 'crm_deal' AND r.after ? 'stage_id' THEN 'moved'
    WHEN r."table" = 'crm_task' AND r.after ->> 'done_at' IS NOT NULL THEN 'done'
    ELSE 'updated'
END
"""

# A history row's number, as the UUID that an event has: version 8, for ids of one's own making (RFC 9562, 5.8).
AS_UUID: Final = "('00000000-0000-8000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid"

RECORDS = f"""
SELECT c.serial, 0, c.id, a.name || '.' || {_VERB}, a.name, r.record::uuid, NULL::uuid,
       jsonb_strip_nulls(jsonb_build_object(
           'table', nullif(r."table", a.table_name),
           'changed', CASE WHEN r.operation = 'U' THEN (
               SELECT jsonb_agg(key ORDER BY key) FROM jsonb_object_keys(r.after) AS key WHERE key <> 'id'
           ) END,
           'status', r.after -> 'status', 'stage', r.after -> 'stage_id', 'into', merged.into_id
       )),
       r.at
FROM candidates AS c
JOIN shared_record_change AS r ON r.id = c.number
CROSS JOIN LATERAL (SELECT {_AGGREGATE} AS name) AS own
CROSS JOIN LATERAL (SELECT own.name, {_OWN_TABLE} AS table_name) AS a
LEFT JOIN LATERAL (
    SELECT m.kept_id AS into_id FROM crm_customer_merge AS m
    WHERE r."table" = 'users_customer' AND r.operation = 'D' AND m.duplicate_id = r.record::uuid
    ORDER BY m.merged_at DESC LIMIT 1
) AS merged ON true
WHERE c.source = 'record_change'
"""
