"""What every plain change of one catalogue row does."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext

from shared.database.errors import AlreadyExists, named_constraints
from shared.errors import NotFound

Row = TypeVar("Row", bound=models.Model)


def update_row(model: type[Row], *, key: UUID, changes: Mapping[str, Any]) -> Row:
    """Set `changes` on one row. Raises NotFound, or AlreadyExists for a value that is taken."""
    row = model._default_manager.filter(pk=key).first()
    if row is None:
        raise NotFound(gettext("There is no such %(verbose_name)s.") % {"verbose_name": model._meta.verbose_name})
    for column, value in changes.items():
        setattr(row, column, value)
    table = model._meta.db_table
    taken = {
        f"{table}_{column}_key": lambda column=column: AlreadyExists(f"/{column}", gettext("This value is taken."))
        for column in changes
    }
    with named_constraints(taken), transaction.atomic():
        row.save(update_fields=[*changes, "updated_at"])
    return row
