"""Any number of rows of one model in one statement whose text is the same each time."""

from collections.abc import Sequence
from functools import cache

from django.db import connection
from django.db.models import Model

from shared.database.rows_as_json import rows_as_json


def insert_rows(instances: Sequence[Model], *, ignore_conflicts: bool = False) -> None:
    """Write rows that are complete: every column as the instance has it, what the database would have put there
    included. They carry their ids. `ignore_conflicts`: of those that a
    unique index has already nothing is written."""
    if not instances:
        return
    model = type(instances[0])
    names = [field.attname for field in model._meta.concrete_fields]
    rows = [{name: getattr(instance, name) for name in names} for instance in instances]
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, ignore_conflicts), [rows_as_json(rows)])


@cache
def _statement(model: type[Model], ignore_conflicts: bool) -> str:
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    types = ", ".join(f'"{field.attname}" {field.db_type(connection)}' for field in fields)
    values = ", ".join(f'"{field.attname}"' for field in fields)
    return (
        f'INSERT INTO "{model._meta.db_table}" ({columns}) '  # noqa: S608 - names of the model's own
        f"SELECT {values} FROM json_to_recordset(%s::json) AS row ({types})"
        f"{' ON CONFLICT DO NOTHING' if ignore_conflicts else ''}"
    )
