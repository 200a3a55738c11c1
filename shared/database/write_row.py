"""What every plain change of one row does."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared.database.errors import AlreadyExists, named_constraints
from shared.errors import InvalidInput, NotFound, Refusal

Row = TypeVar("Row", bound=models.Model)
Refusals = Mapping[str, Callable[[], Refusal]]


class RecordInUse(Refusal):
    code = "in_use"
    title = _("Other records rest on it")


def check_columns(model: type[models.Model], values: Mapping[str, Any]) -> None:
    """Each value by the rules of its column: length, choices, validators. What points at other rows is looked up by
    whoever writes it. Raises InvalidInput naming every fault."""
    columns = {field.attname: field for field in model._meta.concrete_fields if not field.is_relation}
    faults: list[tuple[str, str, str]] = []
    for name, value in values.items():
        try:
            if name in columns:
                columns[name].clean(value, None)
        except ValidationError as error:
            faults += [(f"/{name}", str(one.code or "invalid"), " ".join(one.messages)) for one in error.error_list]
    if faults:
        raise InvalidInput(*faults)


def save_row(model: type[Row], *, key: UUID | None, values: Mapping[str, Any], refusals: Refusals) -> Row:
    """Make a row, or set `values` on one. Raises NotFound, InvalidInput, or what `refusals` has for a constraint."""
    check_columns(model, values)
    with named_constraints(refusals), transaction.atomic():
        return model._default_manager.create(**values) if key is None else update_row(model, key=key, changes=values)


def update_row(model: type[Row], *, key: UUID, changes: Mapping[str, Any]) -> Row:
    """Set `changes` on one row. Raises NotFound, or AlreadyExists for a value that is taken."""
    row = model._default_manager.filter(pk=key).first()
    if row is None:
        raise _not_found(model)
    for column, value in changes.items():
        setattr(row, column, value)
    table = model._meta.db_table
    taken = {
        f"{table}_{column}_key": lambda column=column: AlreadyExists(f"/{column}", gettext("This value is taken."))
        for column in changes
    }
    follow = {"updated_at"} & {field.name for field in model._meta.concrete_fields}
    with named_constraints(taken), transaction.atomic():
        row.save(update_fields=[*changes, *follow])
    return row


def delete_row(model: type[models.Model], *, key: UUID) -> None:
    """Delete one row and what is a part of it. Raises NotFound, or RecordInUse where rows that must last name it."""
    try:
        with transaction.atomic():
            deleted, _parts = model._default_manager.filter(pk=key).delete()
    except ProtectedError as error:
        raise RecordInUse(gettext("Other records name it. Change or delete them first.")) from error
    if not deleted:
        raise _not_found(model)


def _not_found(model: type[models.Model]) -> NotFound:
    return NotFound(gettext("There is no such %(verbose_name)s.") % {"verbose_name": model._meta.verbose_name})
