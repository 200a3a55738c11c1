"""The statements of merging and of undoing: whole sets of rows at once, each written down as it goes.

A customer may have fifty thousand orders: reading them into Python would take minutes and memory for nothing. Names of
tables and columns come from the models, values are parameters.
"""

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Field, ForeignKey, Model

from crm.merging.links import How, Link, column_of

_REASSIGN = """
WITH moved AS (
    UPDATE {table} AS t SET {column} = %(kept)s{raised} WHERE {column} = %(duplicate)s {unless} RETURNING t.id
)
INSERT INTO crm_merged_row (merge_id, kind, table_name, row_id, column_name, old_value)
SELECT %(merge)s, 'moved', '{table}', id::text, '{column}', to_jsonb(%(duplicate)s::uuid) FROM moved
"""
_UNLESS_THERE = "AND NOT EXISTS (SELECT FROM {table} AS k WHERE k.{column} = %(kept)s AND k.{beside} = t.{beside})"
_WRITE_DOWN = """
WITH gone AS ({gone})
INSERT INTO crm_merged_row (merge_id, kind, table_name, row_id, column_name, whole_row)
SELECT %(merge)s, 'dropped', '{table}', id::text, '', whole FROM gone
"""
_DELETED = "DELETE FROM {table} AS t WHERE {column} = %(duplicate)s RETURNING t.id, to_jsonb(t) AS whole"
_AS_IT_IS = "SELECT t.id, to_jsonb(t) AS whole FROM {table} AS t WHERE {column} = %(duplicate)s"
_REASSIGN_BACK = """
UPDATE {table} AS t SET {column} = (m.old_value #>> '{{}}')::uuid{raised} FROM crm_merged_row AS m
WHERE m.merge_id = %(merge)s AND m.kind = 'moved' AND m.table_name = '{table}' AND m.column_name = '{column}'
  AND t.id = m.row_id::{key_type} AND t.{column} = %(kept)s
"""
# A row whose parent is gone stays away; a reference that may be empty is emptied.
_RESTORE = """
INSERT INTO {table} ({columns})
SELECT {values} FROM crm_merged_row AS m, jsonb_populate_record(NULL::{table}, m.whole_row) AS r
WHERE m.merge_id = %(merge)s AND m.kind = 'dropped' AND m.table_name = '{table}' {parents}
ON CONFLICT DO NOTHING
"""
# What was not moved by the merge and is about something that goes back was made since: it was its customer's then.
_GO_ALONG = """
UPDATE {table} AS t SET {column} = %(duplicate)s{raised} FROM {other} AS other
WHERE t.{column} = %(kept)s AND other.id = t.{along} AND other.{column} = %(duplicate)s
"""

_COUNTERS = ("version", "changes_elsewhere")


def check_foreign_keys() -> None:
    """Now, and from now on with every statement, instead of at commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def count_rows(link: Link, customer_id: UUID) -> int:
    return link.model._default_manager.filter(**{link.field: customer_id}).order_by().count()


def move(link: Link, *, merge_id: UUID, kept_id: UUID, duplicate_id: UUID) -> int:
    """Give the duplicate's rows to the kept customer, or delete them, as the link says; return how many moved."""
    moved = 0
    if link.how is not How.DELETE:
        unless = _UNLESS_THERE if link.how is How.DEDUPLICATE else ""
        names = {**_names_of_link(link), "beside": column_of(link.model, link.beside) if link.beside else ""}
        moved = _run_for_merge(
            _REASSIGN.format(unless=unless.format(**names), **names), merge_id, kept_id, duplicate_id
        )
    if link.how is not How.REASSIGN:
        gone = _DELETED.format(**_names_of_link(link))
        _run_for_merge(_WRITE_DOWN.format(gone=gone, table=link.table), merge_id, kept_id, duplicate_id)
    return moved


def copy_customer(model: type[Model], *, merge_id: UUID, duplicate_id: UUID) -> None:
    """Write the duplicate itself down, as it is before anything happens to it."""
    table = model._meta.db_table
    _run_for_merge(
        _WRITE_DOWN.format(gone=_AS_IT_IS.format(table=table, column="id"), table=table),
        merge_id,
        duplicate_id,
        duplicate_id,
    )


def delete_customer(model: type[Model], customer_id: UUID) -> None:
    """Without Django's looking for what hangs on it: the database refuses if anything still does."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [customer_id])  # noqa: S608


def forget_rows(merge_id: UUID) -> None:
    """Delete what the merge wrote down."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM crm_merged_row WHERE merge_id = %s", [merge_id])


def move_back(link: Link, *, merge_id: UUID, kept_id: UUID, duplicate_id: UUID) -> int:
    """Give back what moved and still is the kept customer's; return how many rows."""
    key: Any = link.model._meta.pk
    statement = _REASSIGN_BACK.format(key_type=key.rel_db_type(connection), **_names_of_link(link))
    return _run_for_merge(statement, merge_id, kept_id, duplicate_id)


def go_along(link: Link, *, merge_id: UUID, kept_id: UUID, duplicate_id: UUID) -> None:
    """What was made since about a row that has gone back goes to that row's customer."""
    along: Any = link.model._meta.get_field(link.along)
    statement = _GO_ALONG.format(other=along.related_model._meta.db_table, along=along.column, **_names_of_link(link))
    _run_for_merge(statement, merge_id, kept_id, duplicate_id)


def restore(model: type[Model], *, merge_id: UUID) -> int:
    """Write the deleted rows of a table again, columns that have come since at their defaults; return how many."""
    stored = _stored_columns(model._meta.db_table, merge_id)
    fields = [field for field in model._meta.concrete_fields if field.column in stored]
    parents = [_parent_exists_sql(field) for field in fields if isinstance(field, ForeignKey) and not field.null]
    statement = _RESTORE.format(
        table=model._meta.db_table,
        columns=", ".join(f'"{field.column}"' for field in fields),
        values=", ".join(_value_sql(field) for field in fields),
        parents="".join(f" AND {parent}" for parent in parents),
    )
    return _run_for_merge(statement, merge_id, merge_id, merge_id) if stored else 0


def _value_sql(field: Field) -> str:
    column = f'r."{field.column}"'
    return (
        f"CASE WHEN {_parent_exists_sql(field)} THEN {column} END"
        if isinstance(field, ForeignKey) and field.null
        else column
    )


def _parent_exists_sql(field: ForeignKey) -> str:
    parent: Any = field.related_model
    return f'EXISTS (SELECT FROM {parent._meta.db_table} AS p WHERE p.id = r."{field.column}")'


def _stored_columns(table: str, merge_id: UUID) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT jsonb_object_keys(whole_row) FROM (SELECT whole_row FROM crm_merged_row"
            " WHERE merge_id = %s AND kind = 'dropped' AND table_name = %s LIMIT 1) AS one",
            [merge_id, table],
        )
        return {name for (name,) in cursor.fetchall()}


def _names_of_link(link: Link) -> dict[str, str]:
    return {"table": link.table, "column": link.column, "raised": _raised_version_sql(link.model)}


def _raised_version_sql(model: type[Model]) -> str:
    """What is shown of a row names its customer: it has another version, which no event of its own tells of."""
    counters = [field.column for field in model._meta.concrete_fields if field.name in _COUNTERS]
    return "".join(f", {column} = t.{column} + 1" for column in counters)


def _run_for_merge(statement: str, merge_id: UUID, kept_id: UUID, duplicate_id: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"merge": merge_id, "kept": kept_id, "duplicate": duplicate_id})
        return int(cursor.rowcount)
