"""Columns of some rows set to values known here, by a statement whose text is made once for the same columns."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model


def set_columns(
    model: type[Model], ids: Sequence[UUID], values: Mapping[str, Any], *, raised: Collection[str] = ()
) -> None:
    """Set `values` on the rows, by the names of their fields, and raise each counter in `raised` by one."""
    names = tuple(sorted(values))
    fields = {name: model._meta.get_field(name) for name in names}
    params = {name: field.get_db_prep_save(values[name], connection) for name, field in fields.items()}  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, names, tuple(sorted(raised))), {**params, "ids": list(ids)})


@cache
def _statement(model: type[Model], names: tuple[str, ...], raised: tuple[str, ...]) -> str:
    def column(name: str) -> str:
        return f'"{model._meta.get_field(name).column}"'  # type: ignore[union-attr]

    changes = [*(f"{column(name)} = %({name})s" for name in names), *(f"{column(n)} = {column(n)} + 1" for n in raised)]
    table, key = model._meta.db_table, column(model._meta.pk.name)
    return f'UPDATE "{table}" SET {", ".join(changes)} WHERE {key} = ANY(%(ids)s)'  # noqa: S608 - the model's own names
