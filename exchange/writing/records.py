"""Checked rows into the books, in a handful of statements, whatever their number.

First every change is written down (ImportChange: the record before and after), then the records are made what their
changes say. `jsonb_populate_record` turns JSON into a record of the table, with its types.
"""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from exchange.batches import batches
from exchange.models.data_import import Import
from exchange.resources.resource import ImportResource
from users.models.company import Company
from users.models.tag import Tag

_BATCH = 2_000
TAGS = "users_customer_tag"

LOCK = """
SELECT count(*) FROM (
    SELECT t.id FROM exchange_import_row AS r JOIN {table} AS t ON {match} AND {only}
    WHERE r.data_import_id = %(import_id)s AND r.key <> '' ORDER BY t.id FOR NO KEY UPDATE OF t
) AS locked
"""
_PATCH = """r.values || r.patch || CASE WHEN r.values ? 'custom_fields' THEN jsonb_build_object(
    'custom_fields', jsonb_strip_nulls({custom} || (r.values->'custom_fields'))) ELSE '{{}}' END"""
_NOTE_UPDATES = """
INSERT INTO exchange_import_change
    (id, data_import_id, model, object_id, number, before, after, tags_before, tags_after, conflict)
SELECT gen_random_uuid(), r.data_import_id, '{table}', t.id, r.number, to_jsonb(t),
       to_jsonb(n) || jsonb_build_object('updated_at', now()), {tags_before}, {tags_after}, ''
FROM exchange_import_row AS r
JOIN {table} AS t ON t.id = r.object_id
CROSS JOIN LATERAL jsonb_populate_record(t, {patch}) AS n {tags}
WHERE r.data_import_id = %(import_id)s AND NOT r.is_faulty
      AND (n IS DISTINCT FROM t OR {tags_before} IS DISTINCT FROM {tags_after})
"""
_NOTE_CREATES = """
INSERT INTO exchange_import_change
    (id, data_import_id, model, object_id, number, before, after, tags_before, tags_after, conflict)
SELECT gen_random_uuid(), r.data_import_id, '{table}', r.id, r.number, NULL,
       to_jsonb(jsonb_populate_record(NULL::{table}, %(defaults)s::jsonb || {patch}
           || jsonb_build_object('id', r.id, 'created_at', now(), 'updated_at', now()))), {tags_none}, {tags_after}, ''
FROM exchange_import_row AS r {tags}
WHERE r.data_import_id = %(import_id)s AND NOT r.is_faulty AND r.object_id IS NULL
"""
_TAGS_OF_RECORD = """
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(tag_id ORDER BY tag_id), '{}') AS ids FROM users_customer_tag WHERE customer_id = t.id
) AS old_tags"""
_TAGS_OF_ROW = """
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(tag.id ORDER BY tag.id), '{}') AS ids FROM users_tag AS tag
    WHERE lower(tag.name) IN (SELECT lower(name) FROM unnest(r.tags) AS name)
) AS new_tags"""
_INSERT = """
INSERT INTO {table} ({columns})
SELECT {new_columns} FROM exchange_import_change AS c
CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, c.after) AS n
WHERE c.data_import_id = %(import_id)s AND c.model = '{table}' AND c.before IS NULL ORDER BY n.id
"""
UPDATE = """
UPDATE {table} AS t SET ({columns}) = ROW({new_columns})
FROM exchange_import_change AS c CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, c.{side}) AS n
WHERE c.data_import_id = %(import_id)s AND c.model = '{table}' AND c.before IS NOT NULL AND c.conflict = ''
      AND t.id = c.object_id
"""
UNTAG = """
DELETE FROM users_customer_tag AS l USING exchange_import_change AS c
WHERE c.data_import_id = %(import_id)s AND c.model = 'users_customer' AND c.conflict = ''
      AND l.customer_id = c.object_id AND NOT l.tag_id = ANY(c.{side})
"""
TAG = """
INSERT INTO users_customer_tag (customer_id, tag_id)
SELECT c.object_id, unnest(c.{side}) FROM exchange_import_change AS c
WHERE c.data_import_id = %(import_id)s AND c.model = 'users_customer' AND c.conflict = ''
ON CONFLICT DO NOTHING
"""
_NOTE_MADE = """
INSERT INTO exchange_import_change (id, data_import_id, model, object_id, after, conflict)
SELECT gen_random_uuid(), %s, '{table}', t.id, to_jsonb(t), '' FROM {table} AS t WHERE t.id = ANY(%s)
"""
_MISSING_COMPANIES = """
SELECT DISTINCT ON (lower(r.links->>'company_id')) r.links->>'company_id' FROM exchange_import_row AS r
WHERE r.data_import_id = %s AND NOT r.is_faulty AND r.links->>'company_id' IS NOT NULL AND NOT r.patch ? 'company_id'
ORDER BY lower(r.links->>'company_id'), r.number
"""
_LINK_COMPANIES = """
UPDATE exchange_import_row AS r SET patch = r.patch || jsonb_build_object('company_id', t.id)
FROM users_company AS t
WHERE r.data_import_id = %s AND t.id = ANY(%s) AND lower(r.links->>'company_id') = lower(t.name)
"""
_MISSING_TAGS = """
SELECT DISTINCT ON (lower(name)) name FROM exchange_import_row AS r, unnest(r.tags) AS name
WHERE r.data_import_id = %s AND NOT r.is_faulty
      AND NOT EXISTS (SELECT FROM users_tag AS tag WHERE lower(tag.name) = lower(name))
ORDER BY lower(name), r.number
"""


def lock_records(data_import: Import, *, resource: ImportResource, match: str) -> None:
    """Hold every record that a row may be about until the transaction ends, in the order of their keys."""
    _run_for_import(LOCK.format(table=resource.table, match=match, only=resource.only), data_import)


def make_linked(data_import: Import, *, resource: ImportResource) -> None:
    """The companies and tags that rows name and nobody has made yet."""
    if any(link.is_made for link in resource.links):
        names = _missing_names(_MISSING_COMPANIES, data_import)
        made = [
            pk for some in batches((Company(name=name) for name in names), _BATCH) for pk in _make_rows(Company, some)
        ]
        _note_made(data_import, Company, made)
        with connection.cursor() as cursor:
            cursor.execute(_LINK_COMPANIES, [data_import.pk, made])
    if resource.has_tags:
        _note_made(
            data_import, Tag, _make_rows(Tag, [Tag(name=name) for name in _missing_names(_MISSING_TAGS, data_import)])
        )


def note_changes(data_import: Import, *, resource: ImportResource) -> tuple[int, int]:
    """Write down what will change: (records made, records changed)."""
    old, new = "old_tags.ids", "CASE WHEN r.tags IS NULL THEN old_tags.ids ELSE new_tags.ids END"
    updates = _NOTE_UPDATES.format(
        table=resource.table,
        patch=_patch_sql(resource, "t.custom_fields"),
        tags=_TAGS_OF_RECORD + _TAGS_OF_ROW if resource.has_tags else "",
        tags_before=old if resource.has_tags else "NULL::uuid[]",
        tags_after=new if resource.has_tags else "NULL::uuid[]",
    )
    creates = _NOTE_CREATES.format(
        table=resource.table,
        patch=_patch_sql(resource, "'{}'::jsonb"),
        tags=_TAGS_OF_ROW if resource.has_tags else "",
        tags_none="'{}'::uuid[]" if resource.has_tags else "NULL::uuid[]",
        tags_after="new_tags.ids" if resource.has_tags else "NULL::uuid[]",
    )
    changed = _run_for_import(updates, data_import)
    defaults = json.dumps(_defaults_of_columns(resource.model), cls=DjangoJSONEncoder)
    return _run_for_import(creates, data_import, defaults=defaults), changed


def write_changes(data_import: Import, *, resource: ImportResource) -> None:
    """Make the records what their changes say."""
    columns = [*_defaults_of_columns(resource.model), "id", "created_at", "updated_at"]
    _run_for_import(
        _INSERT.format(table=resource.table, columns=_column_list(columns), new_columns=_column_list(columns, "n.")),
        data_import,
    )
    _run_for_import(update_sql(resource, side="after"), data_import)
    if resource.has_tags:
        _run_for_import(UNTAG.format(side="tags_after"), data_import)
        _run_for_import(TAG.format(side="tags_after"), data_import)


def update_sql(resource: ImportResource, *, side: str) -> str:
    """The statement that makes changed records what they were `before`, or are `after`."""
    columns = [*resource.written, "updated_at"]
    return UPDATE.format(
        table=resource.table, columns=_column_list(columns), new_columns=_column_list(columns, "n."), side=side
    )


def _patch_sql(resource: ImportResource, custom: str) -> str:
    return _PATCH.format(custom=custom) if resource.custom is not None else "r.values || r.patch"


def _defaults_of_columns(model: type[models.Model]) -> dict[str, Any]:
    """What a new record has in the columns that the row says nothing of."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    return {
        str(field.column): _default_of_field(field)
        for field in fields
        if field.column not in ("id", "created_at", "updated_at")
    }


def _default_of_field(field: models.Field) -> Any:
    if field.has_default():
        return field.get_default()
    if field.has_db_default():
        value: Any = getattr(field.db_default, "value", field.db_default)
        return value
    return None if field.null else ""


def _column_list(columns: Iterable[str], prefix: str = "") -> str:
    return ", ".join(f"{prefix}{column}" for column in columns)


def _missing_names(sql: str, data_import: Import) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [data_import.pk])
        return [name for (name,) in cursor.fetchall()]


def _make_rows(model: type[Company] | type[Tag], rows: list[Any]) -> list[UUID]:
    model._default_manager.bulk_create(rows, batch_size=_BATCH)
    return [row.pk for row in rows]


def _note_made(data_import: Import, model: type[models.Model], keys: list[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_MADE.format(table=model._meta.db_table), [data_import.pk, keys])


def _run_for_import(sql: str, data_import: Import, **more: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"import_id": data_import.pk, **more})
        return int(cursor.rowcount)
